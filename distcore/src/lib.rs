//! What a distribution is: laws, representations, arithmetic, questions, Ux codec.

pub mod ux;
