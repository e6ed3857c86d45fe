//! Takes one value of a feature map apart: `cargo run --release --example explain_unit`.

use convscope_core::Model;
use convscope_core::digits::generate_images;
use convscope_core::explain::UnitPlace;
use std::error::Error;

const LENET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/models/lenet5.safetensors");

fn main() -> Result<(), Box<dyn Error>> {
    let mut model = Model::from_safetensors(&std::fs::read(LENET)?)?;
    let (pixels, _) = generate_images(7, 3, 1)?;
    let x: Vec<f32> = pixels.iter().map(|&byte| f32::from(byte) / 255.0).collect();

    let layer = &model.summary().layers[0].name;
    let unit = model.explain_unit(&x, UnitPlace { layer, unit: 2, row: 14, column: 14 })?;
    let print = |name: &str, values: &[f32]| {
        println!("{name}");
        for row in values.chunks(unit.window.width) {
            println!("{}", row.iter().map(|value| format!("{value:8.3}")).collect::<String>());
        }
    };
    print("patch of the image", &unit.patches);
    print("kernel", &unit.kernel);
    print("patch × kernel", &unit.products);
    println!("sum {:.3}, with the bias of {:.3}: {:.3}", unit.sum, unit.bias, unit.preactivation);
    println!("{} of that: {:.3}", unit.activation, unit.output);
    Ok(())
}
