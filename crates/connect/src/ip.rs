//! What an address on the internet lets one infer: a place and a company. Guesses, and marked as such wherever they show.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is inferred; each part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inference {
    /// Country, as its two letters (ISO 3166-1).
    pub country: Option<String>,
    /// Region, state or canton.
    pub region: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Name of the company whose network it is.
    pub company: Option<String>,
    /// Its domain.
    pub domain: Option<String>,
    /// Its industry.
    pub industry: Option<String>,
    /// How many people work there.
    pub employees: Option<u64>,
}

impl Inference {
    /// The parts that are known, by the names of the `inferred.*` attributes.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, String)> {
        let texts = [
            ("country", &self.country),
            ("region", &self.region),
            ("city", &self.city),
            ("postal_code", &self.postal_code),
            ("company", &self.company),
            ("domain", &self.domain),
            ("industry", &self.industry),
        ];
        let employees = self.employees.map(|number| ("employees", number.to_string()));
        texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))).chain(employees)
    }

    /// What is missing here is taken from `other`.
    pub fn or(self, other: Self) -> Self {
        Self {
            country: self.country.or(other.country),
            region: self.region.or(other.region),
            city: self.city.or(other.city),
            postal_code: self.postal_code.or(other.postal_code),
            company: self.company.or(other.company),
            domain: self.domain.or(other.domain),
            industry: self.industry.or(other.industry),
            employees: self.employees.or(other.employees),
        }
    }
}

/// Looks addresses up. Takes microseconds and never leaves the process, so that a page view may wait for it.
pub trait IpIntelligence: Send + Sync {
    /// What the address tells; empty when nothing is known of it.
    fn look_up(&self, address: IpAddr) -> Inference;
}

/// Bits of an IPv4 address that are kept where it is not needed whole.
pub const KEPT_V4: u8 = 24;
/// The same of an IPv6 address.
pub const KEPT_V6: u8 = 48;

/// An address without its last part: enough for a place, too little for a household. IPv4 inside IPv6 counts as IPv4.
pub fn truncated(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => Ipv4Addr::from_bits(v4.to_bits() & (u32::MAX << (32 - KEPT_V4))).into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << (128 - KEPT_V6))).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncated_addresses_keep_the_network() {
        for (address, kept) in [
            ("203.0.113.77", "203.0.113.0"),
            ("::ffff:203.0.113.77", "203.0.113.0"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
            ("::1", "::"),
        ] {
            assert_eq!(truncated(address.parse().unwrap()).to_string(), kept, "{address}");
        }
    }

    #[test]
    fn the_first_source_wins_part_by_part() {
        let place = Inference {
            country: Some("DE".to_owned()),
            city: Some("Kiel".to_owned()),
            ..Inference::default()
        };
        let firm = Inference { country: Some("AT".to_owned()), employees: Some(40), ..Inference::default() };
        let parts: Vec<_> = place.or(firm).parts().collect();
        let expected = [("country", "DE"), ("city", "Kiel"), ("employees", "40")];
        assert_eq!(parts, expected.map(|(name, value)| (name, value.to_owned())));
    }
}
