//! sigemu as a user meets it: programs go in, texts come out.

mod api;
mod bare;
mod build;
mod engines;
mod examples;
mod faults;
mod libm;
mod limits;
mod movement;
mod ordinary;
mod printing;
mod published;
mod reading;
mod refusals;
mod speed;
