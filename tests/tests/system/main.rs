//! sigemu as a user meets it: programs go in, texts come out.

mod examples;
mod ordinary;
mod published;
mod refusals;
