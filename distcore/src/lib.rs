//! What a distribution is: laws, representations, arithmetic, questions, Ux codec.

pub mod laws;
pub mod ux;
