//! Explanations against the passes that they explain, over networks with every kind of layer.

mod images;
mod networks;
mod refused;
mod rows;
mod units;
