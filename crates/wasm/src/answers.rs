//! What JavaScript gets of those structs of the core that hold numbers in bulk: the same fields, but typed arrays.

use crate::convert::{Result, object};
use convscope_core::digits::rasterize::{Image, Placement, Raster, Stages};
use convscope_core::explain::{
    ClassActivation, Components, Maximization, Occlusion, Projection, RankedLayer, Ranking, Region,
    UnitArithmetic, WindowPlace,
};
use convscope_core::shape::Windows;
use convscope_core::{Evaluation, FeatureMaps, LayerMaps, Observation, Operation, Split, Weights};
use js_sys::{Float32Array, Int32Array, Uint8Array, Uint16Array, Uint32Array};
use serde::{Serialize, Serializer};
use serde_wasm_bindgen::preserve;
use wasm_bindgen::{JsCast, JsValue};

/// `value` as a plain JavaScript object with typed arrays.
pub(crate) fn answer<T: Answer>(value: T) -> Result<JsValue> {
    object(&T::Object::from(value))
}

/// A struct that JavaScript gets with typed arrays.
pub(crate) trait Answer: Sized {
    /// The same with typed arrays.
    type Object: From<Self> + Serialize;
}

/// Declares what JavaScript gets of a struct: each field with a type that is made from the one it has. A field that is
/// left out does not compile.
macro_rules! answer {
    ($name:path { $($field:ident: $type:ty),+ $(,)? }) => {
        const _: () = {
            #[derive(Serialize)]
            #[serde(rename_all = "camelCase")]
            pub(crate) struct Object {
                $($field: $type),+
            }

            impl From<$name> for Object {
                fn from($name { $($field),+ }: $name) -> Self {
                    Self { $($field: $field.into()),+ }
                }
            }

            impl Answer for $name {
                type Object = Object;
            }
        };
    };
}

answer! {
    UnitArithmetic {
        operation: Operation,
        source: String,
        source_shape: Vec<usize>,
        channels: Vec<usize>,
        window: WindowPlace,
        dilation: [usize; 2],
        patches: Floats,
        inside: Bytes,
        kernel: Floats,
        products: Floats,
        sums: Floats,
        sum: f32,
        bias: f32,
        preactivation: f32,
        activation: &'static str,
        logits: Floats,
        output: f32,
        winner: i32,
        regions: Vec<Region>,
    }
}
answer! { Projection { image: Floats, value: f32, row: usize, column: usize } }
answer! { Occlusion { rows: usize, columns: usize, probabilities: Floats } }
answer! { ClassActivation { height: usize, width: usize, map: Floats, bias: f32 } }
answer! { Ranking { layers: Vec<RankedLayer>, ranking: Floats, places: usize } }
answer! { Maximization { image: Floats, before: f32, after: f32 } }
answer! { Components { mean: Floats, directions: Floats, variances: Floats, total: f32, coordinates: Floats } }
answer! {
    Evaluation {
        loss: f32,
        accuracy: f32,
        confusion: Indices,
        predictions: Classes,
        probabilities: Floats,
    }
}
answer! {
    Observation {
        image: Floats,
        placement: Option<Placement>,
        layers: List<LayerMaps>,
        output: Floats,
        class: usize,
    }
}
answer! { LayerMaps { name: String, shape: [usize; 3], planes: Floats } }
answer! { Windows { starts: Offsets, before: usize, after: usize, skipped: Indices } }
answer! { Split { training: Indices, validation: Indices } }
answer! { FeatureMaps { shape: [usize; 3], planes: Floats } }
answer! { Weights { shape: Vec<usize>, values: Floats } }
answer! { Image { width: usize, height: usize, pixels: Floats } }
answer! { Raster { image: Floats, scaled: Floats, placement: Option<Placement> } }

/// The rows nearest to one.
#[derive(Serialize)]
pub(crate) struct Nearest {
    pub(crate) indices: Indices,
    pub(crate) distances: Floats,
}

/// Images as bytes.
#[derive(Serialize)]
pub(crate) struct LabelledImages {
    pub(crate) shape: [usize; 3],
    pub(crate) pixels: Bytes,
    pub(crate) labels: Bytes,
}

/// The object of [`Stages`]: the steps before a drawing's image, beside it.
#[derive(Serialize)]
pub(crate) struct DrawingStages {
    raw: <Image as Answer>::Object,
    cropped: <Image as Answer>::Object,
    image: Floats,
    scaled: Floats,
    placement: Option<Placement>,
}

impl From<Stages> for DrawingStages {
    fn from(Stages { raw, cropped, raster: Raster { image, scaled, placement } }: Stages) -> Self {
        let (raw, cropped) = (raw.into(), cropped.into());
        Self { raw, cropped, image: image.into(), scaled: scaled.into(), placement }
    }
}

impl Answer for Stages {
    type Object = DrawingStages;
}

/// A list of structs that hold numbers in bulk themselves.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct List<T: Answer>(Vec<T::Object>);

impl<T: Answer> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values.into_iter().map(T::Object::from).collect())
    }
}

/// Numbers of which JavaScript gets a copy as one array.
pub(crate) struct Typed<Array>(Array);

impl<Array: JsCast> Serialize for Typed<Array> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        preserve::serialize(&self.0, serializer)
    }
}

/// Names typed arrays after what they hold.
macro_rules! typed {
    ($($name:ident = $array:ident of $number:ty),+ $(,)?) => {
        $(
            pub(crate) type $name = Typed<$array>;

            impl<Numbers: AsRef<[$number]>> From<Numbers> for $name {
                fn from(numbers: Numbers) -> Self {
                    Self($array::from(numbers.as_ref()))
                }
            }
        )+
    };
}

typed! {
    Floats = Float32Array of f32,
    Bytes = Uint8Array of u8,
    Classes = Uint16Array of u16,
    Indices = Uint32Array of u32,
    Offsets = Int32Array of i32,
}
