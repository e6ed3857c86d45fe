//! RandomFlip, RandomTranslation, RandomRotation, RandomZoom, RandomCrop: layers that in training put every image another
//! way. Outside of it they are the identity, and RandomCrop takes the middle.

use super::{Backward, Forward, Layer, Operation, Training, check_data_format};
use crate::config::Arguments::{self, Ignored, Read};
use crate::config::{Fields, LayerConfig, echo};
use crate::random::Random;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::format;
use convscope_kernels::resample::{Fill, Resampling};
use core::f32::consts::TAU;

/// How images are put. Each factor is drawn evenly between two numbers.
#[derive(Clone, Copy)]
enum Kind {
    /// Half of the images are mirrored, along both axes at once where both are asked for.
    Flip { rows: bool, columns: bool },
    /// Moved down and right by parts of the height and the width.
    Translation { height: [f32; 2], width: [f32; 2] },
    /// Turned by parts of a whole turn, counterclockwise.
    Rotation { factor: [f32; 2] },
    /// What was so much larger, 0 for not at all, fills the image; without a width its factor is that of the height.
    Zoom { height: [f32; 2], width: Option<[f32; 2]> },
    /// A part of this size, in training from anywhere, the same place for the whole batch.
    Crop,
}

/// See the module. The model's seed decides what comes.
pub(super) struct RandomPlacement {
    kind: Kind,
    input: [usize; 3],
    output: [usize; 2],
    fill: Fill,
    bilinear: bool,
}

const FLIP: &[Arguments] = &[Read(&["mode", "data_format"]), Ignored(&["seed"])];
const CROP: &[Arguments] = &[Read(&["height", "width", "data_format"]), Ignored(&["seed"])];
const ROTATION: &[Arguments] =
    &[Read(&["factor", "fill_mode", "interpolation", "fill_value", "data_format"]), Ignored(&["seed"])];
const TRANSLATION: &[Arguments] = &[
    Read(&["height_factor", "width_factor", "fill_mode", "interpolation", "fill_value", "data_format"]),
    Ignored(&["seed"]),
];

/// The map that leaves an image as it is.
const IDENTITY: [f32; 6] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];

impl RandomPlacement {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        let class_name = config.class_name.as_str();
        let input = shape.image(class_name)?;
        let [height, width, _] = input;
        let (mut output, mut fill, mut bilinear) = ([height, width], Fill::Nearest, false);
        let fields = config.fields(match class_name {
            "RandomFlip" => FLIP,
            "RandomCrop" => CROP,
            "RandomRotation" => ROTATION,
            _ => TRANSLATION,
        })?;
        check_data_format(&fields)?;
        let kind = match class_name {
            "RandomFlip" => {
                let modes = [
                    ("horizontal", [false, true]),
                    ("vertical", [true, false]),
                    ("horizontal_and_vertical", [true, true]),
                ];
                let [rows, columns] = fields.choice("mode", &modes)?.unwrap_or([true, true]);
                Kind::Flip { rows, columns }
            }
            "RandomCrop" => {
                output = [fields.count("height")?, fields.count("width")?];
                if output[0] > height || output[1] > width {
                    return Err(Error::shape(format!(
                        "RandomCrop to {}×{} needs an image of at least that size, got {shape}",
                        output[0], output[1]
                    )));
                }
                bilinear = true;
                Kind::Crop
            }
            _ => {
                (fill, bilinear) = filling(&fields)?;
                let factor = |name| match factor(&fields, name)? {
                    Some(factor) => Ok(factor),
                    None => Err(Error::config(format!("{name}: missing"))),
                };
                match class_name {
                    "RandomRotation" => Kind::Rotation { factor: factor("factor")? },
                    "RandomZoom" => {
                        let height = factor("height_factor")?;
                        let width = self::factor(&fields, "width_factor")?;
                        if [Some(height), width].iter().flatten().any(|factor| factor[0] <= -1.0) {
                            return Err(Error::config(
                                "height_factor, width_factor: a zoom must be above -1",
                            ));
                        }
                        Kind::Zoom { height, width }
                    }
                    _ => {
                        Kind::Translation { height: factor("height_factor")?, width: factor("width_factor")? }
                    }
                }
            }
        };
        Ok(Self { kind, input, output, fill, bilinear })
    }

    /// The map of one example, from the output's pixels to the input's.
    fn draw(&self, random: &mut Random) -> [f32; 6] {
        let [height, width] = [self.input[0] as f32, self.input[1] as f32];
        // The middle of the image, from that of its first pixel.
        let (x, y) = ((width - 1.0) / 2.0, (height - 1.0) / 2.0);
        match self.kind {
            Kind::Flip { rows, columns } => {
                let is_flipped = random.unit() < 0.5;
                let axis = |flips: bool, size: f32| {
                    if flips && is_flipped { (-1.0, size - 1.0) } else { (1.0, 0.0) }
                };
                let ((a0, a2), (b1, b2)) = (axis(columns, width), axis(rows, height));
                [a0, 0.0, a2, 0.0, b1, b2]
            }
            Kind::Translation { height: down, width: right } => {
                let down = height * random.uniform(down[0], down[1]);
                let right = width * random.uniform(right[0], right[1]);
                [1.0, 0.0, -right, 0.0, 1.0, -down]
            }
            Kind::Rotation { factor } => {
                let angle = TAU * random.uniform(factor[0], factor[1]);
                let (sin, cos) = (libm::sinf(angle), libm::cosf(angle));
                [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos]
            }
            Kind::Zoom { height, width } => {
                let of_height = 1.0 + random.uniform(height[0], height[1]);
                let of_width = width.map_or(of_height, |width| 1.0 + random.uniform(width[0], width[1]));
                [of_width, 0.0, x * (1.0 - of_width), 0.0, of_height, y * (1.0 - of_height)]
            }
            Kind::Crop => {
                let rows = self.input[0] - self.output[0];
                let columns = self.input[1] - self.output[1];
                if rows == 0 || columns == 0 {
                    return self.middle();
                }
                let (row, column) = (random.below(rows + 1), random.below(columns + 1));
                [1.0, 0.0, column as f32, 0.0, 1.0, row as f32]
            }
        }
    }

    /// The largest part in the middle with the sides of the output, brought to its size.
    fn middle(&self) -> [f32; 6] {
        let Kind::Crop = self.kind else { return IDENTITY };
        let ([height, width, _], [rows, columns]) = (self.input, self.output);
        let axis = |size: usize, other: usize, target: usize, other_target: usize| {
            let part = (other * target / other_target).clamp(1, size);
            let scale = part as f32 / target as f32;
            (scale, ((size - part) / 2) as f32 + 0.5 * scale - 0.5)
        };
        let (a0, a2) = axis(width, height, columns, rows);
        let (b1, b2) = axis(height, width, rows, columns);
        [a0, 0.0, a2, 0.0, b1, b2]
    }

    fn resampling(&self, map: [f32; 6]) -> Resampling {
        Resampling { map, fill: self.fill, bilinear: self.bilinear, input: self.input, output: self.output }
    }

    /// The map of example number `example`.
    fn map_of(&self, training: Option<Training>, example: usize) -> [f32; 6] {
        match (training, self.kind) {
            (None, _) => self.middle(),
            (Some(training), Kind::Crop) => {
                self.draw(&mut Training { first_example: 0, ..training }.random(0))
            }
            (Some(training), _) => self.draw(&mut training.random(example)),
        }
    }
}

/// How an image goes on beyond its edges, and whether it is read between its pixels.
fn filling(fields: &Fields<'_>) -> Result<(Fill, bool)> {
    let modes = [
        ("reflect", Fill::Reflect),
        ("wrap", Fill::Wrap),
        ("constant", Fill::Constant(fields.optional_number("fill_value")?.unwrap_or(0.0))),
        ("nearest", Fill::Nearest),
    ];
    let fill = fields.choice("fill_mode", &modes)?.unwrap_or(Fill::Reflect);
    let bilinear = fields.choice("interpolation", &[("bilinear", true), ("nearest", false)])?.unwrap_or(true);
    Ok((fill, bilinear))
}

/// Keras' factor: two numbers from −1 to 1, or one that stands for its negative and itself.
pub(super) fn factor(fields: &Fields<'_>, name: &str) -> Result<Option<[f32; 2]>> {
    let Some(value) = fields.value(name) else { return Ok(None) };
    let number = |value: &serde_json::Value| {
        value.as_f64().filter(|number| (-1.0..=1.0).contains(number)).map(|number| number as f32)
    };
    let factor = match value.as_array().map(|list| &list[..]) {
        None => number(value).map(|factor| [-factor.abs(), factor.abs()]),
        Some([one, other]) => {
            number(one).zip(number(other)).map(|(one, other)| [one.min(other), one.max(other)])
        }
        Some(_) => None,
    };
    factor.map(Some).ok_or_else(|| {
        Error::config(format!("{name}: expected one or two numbers from -1 to 1, got {}", echo(value)))
    })
}

impl Layer for RandomPlacement {
    fn output_shape(&self) -> Shape {
        Shape::Image([self.output[0], self.output[1], self.input[2]])
    }

    fn passes_on(&self) -> bool {
        !matches!(self.kind, Kind::Crop)
    }

    fn operation(&self) -> Operation {
        if self.passes_on() { Operation::Copy } else { Operation::Function }
    }

    /// What a unit sees of the input is not in the same place behind a crop.
    fn sees_everything(&self) -> bool {
        !self.passes_on()
    }

    /// The map of each example.
    fn saved_len(&self, examples: usize) -> usize {
        IDENTITY.len() * examples
    }

    fn forward(&self, pass: Forward<'_>) {
        if pass.training.is_none() && self.passes_on() {
            return pass.output.copy_from_slice(pass.input);
        }
        let (input, output) = (self.input.iter().product(), self.output_shape().len());
        let (maps, _) = pass.saved.as_chunks_mut();
        let examples = pass.input.chunks_exact(input).zip(pass.output.chunks_exact_mut(output));
        for (example, ((image, target), map)) in examples.zip(maps).enumerate() {
            *map = self.map_of(pass.training, example);
            self.resampling(*map).read(image, target);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        if !pass.training && self.passes_on() {
            return input_gradient.copy_from_slice(pass.output_gradient);
        }
        let (input, output) = (self.input.iter().product(), self.output_shape().len());
        let (maps, _) = pass.saved.as_chunks();
        let examples = pass.output_gradient.chunks_exact(output).zip(input_gradient.chunks_exact_mut(input));
        for ((gradient, target), map) in examples.zip(maps) {
            self.resampling(*map).gradient(gradient, target);
        }
    }
}
