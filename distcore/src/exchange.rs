//! Between a [`Distribution`] and what stands on the wire, a [`UxValue`].

use crate::ux::{Dirac, PositionWidth, TypeCode, UxValue};
use crate::{Distribution, DistributionError, Format, Representation, SpecialMass};

impl From<Representation> for TypeCode {
    fn from(representation: Representation) -> TypeCode {
        match representation {
            Representation::Athens => TypeCode::ATHENS,
            Representation::Zurich => TypeCode::ZURICH,
            Representation::Jupiter => TypeCode::JUPITER,
        }
    }
}

impl From<TypeCode> for Representation {
    /// The representation of that type; Athens for those that are not computed with here.
    fn from(code: TypeCode) -> Representation {
        match code {
            TypeCode::ZURICH => Representation::Zurich,
            TypeCode::JUPITER => Representation::Jupiter,
            _ => Representation::Athens,
        }
    }
}

impl From<Format> for PositionWidth {
    fn from(format: Format) -> PositionWidth {
        match format {
            Format::F64 => PositionWidth::F64,
            Format::F32 => PositionWidth::F32,
        }
    }
}

impl Distribution {
    /// The value as the Ux format writes it: `particle` beside it, positions in the width of `format`, masses in fixed
    /// point (cut, as real cores do), special masses last.
    ///
    /// ```
    /// use distcore::{Distribution, Format};
    /// let coin = Distribution::from_parts(&[0.0, 1.0], &[0.5, 0.5])?;
    /// let text = coin.to_ux(Some(0.5), Format::F64).to_text("0.5");
    /// assert!(text.starts_with("0.5Ux0400000000000000013FE000000000000000000002"));
    /// # Ok::<(), distcore::DistributionError>(())
    /// ```
    #[must_use]
    pub fn to_ux(&self, particle: Option<f64>, format: Format) -> UxValue {
        let fits = |x: f64| format.round(x).is_finite();
        if !self.positions().iter().all(|&x| fits(x)) {
            // What overflows in the format is mass at an infinity, of which there is one Dirac at the end.
            return crate::arithmetic::map(self, |x| format.round(x)).to_ux(particle, format);
        }
        UxValue {
            particle,
            representation: self.representation().into(),
            samples: 1,
            mean: self.mean(),
            width: format.into(),
            diracs: self
                .diracs()
                .chain(self.special().diracs())
                .map(|(x, mass)| Dirac::new(x, mass))
                .collect(),
        }
    }

    /// The distribution that a Ux value stands for. A value without Diracs is its mean, certain.
    ///
    /// # Errors
    /// If there are Diracs but none has mass.
    pub fn from_ux(value: &UxValue) -> Result<Distribution, DistributionError> {
        if value.diracs.is_empty() {
            return Ok(Distribution::certain(value.mean));
        }
        let mut special = SpecialMass::default();
        let finite: Vec<(f64, f64)> = value
            .diracs
            .iter()
            .map(|dirac| (dirac.position, dirac.probability()))
            .filter(|&(position, mass)| !special.absorb(position, mass))
            .collect();
        let (positions, masses): (Vec<f64>, Vec<f64>) = finite.into_iter().unzip();
        if masses.iter().sum::<f64>() + special.total() <= 0.0 {
            return Err(DistributionError::Empty);
        }
        Distribution::from_all_parts(&positions, &masses, special, value.representation.into())
    }
}
