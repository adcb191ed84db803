//! sigemu as a user meets it: programs go in, texts come out.

mod api;
mod api_whole;
mod application;
mod bare;
mod build;
mod correlation;
mod decisions;
mod engines;
mod examples;
mod faults;
mod interrupt;
mod limits;
mod linux;
mod mounts;
mod movement;
mod ordinary;
mod particles;
mod printing;
mod profile;
mod published;
mod reading;
mod refusals;
mod speed;
mod terminal;
mod traps;
