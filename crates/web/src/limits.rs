//! Rate limits of one node (rules *Abuse* of robust): per visitor, per address and per site on the visitor API, per
//! address on sign-in, per credential on bulk reads of people. One client over its limit leaves the others unharmed.

use crate::problem::Problem;
use app::Limits;
use axum::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::SiteId;
use kernel::token::TokenHash;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

/// Bulk reads of people a minute of one credential (rule R29).
const BULK_READS_PER_MINUTE: u32 = 12;

struct Keyed<K: Hash + Eq + Clone> {
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    /// `per_minute` requests at once and again as the minute goes by; 0 = no limit.
    fn new(per_minute: u32) -> Self {
        let limiter = NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n)));
        Self { limiter, asked: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        // Keys that are idle are forgotten now and then, so that memory follows the clients of the last minutes.
        if self.asked.fetch_add(1, Ordering::Relaxed) % 65_536 == 65_535 {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("Too many requests; try again in {} s.", seconds.max(1)),
            )
            .retry_after(seconds)
        })
    }
}

/// The limits.
pub struct RateLimits {
    visitors: Keyed<TokenHash>,
    addresses: Keyed<IpAddr>,
    sites: Keyed<SiteId>,
    sign_ins: Keyed<IpAddr>,
    bulk: Keyed<String>,
}

impl RateLimits {
    /// Out of the configuration.
    pub fn new(limits: &Limits) -> Self {
        Self {
            visitors: Keyed::new(limits.visitor_requests_per_minute),
            addresses: Keyed::new(limits.address_requests_per_minute),
            sites: Keyed::new(limits.site_requests_per_minute),
            sign_ins: Keyed::new(limits.sign_ins_per_minute),
            bulk: Keyed::new(BULK_READS_PER_MINUTE),
        }
    }
    /// A request of a visitor's token.
    pub fn visitor(&self, token: &TokenHash) -> Result<(), Problem> {
        self.visitors.check(token)
    }
    /// A request of an address to the visitor API.
    pub fn address(&self, address: IpAddr) -> Result<(), Problem> {
        self.addresses.check(&network(address))
    }
    /// A request to a site.
    pub fn site(&self, site: SiteId) -> Result<(), Problem> {
        self.sites.check(&site)
    }
    /// An attempt to sign in, to reset a password or to redeem a link.
    pub fn sign_in(&self, address: IpAddr) -> Result<(), Problem> {
        self.sign_ins.check(&network(address))
    }
    /// A bulk read of people by a user or token.
    pub fn bulk_read(&self, who: &str) -> Result<(), Problem> {
        self.bulk.check(&who.to_owned())
    }
}

/// A client with IPv6 has a whole /64 to itself; it counts as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_over_its_limit_leaves_the_others_unharmed() {
        let limits = RateLimits::new(&Limits { sign_ins_per_minute: 2, ..Limits::default() });
        let (one, other): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        assert!(limits.sign_in(one).is_ok() && limits.sign_in(one).is_ok());
        let refused = limits.sign_in(one).expect_err("the third is too many");
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(limits.sign_in(other).is_ok());
    }

    #[test]
    fn a_network_of_version_six_is_one_client() {
        let a: IpAddr = "2001:db8::1".parse().expect("address");
        let b: IpAddr = "2001:db8::2:3".parse().expect("address");
        assert_eq!(network(a), network(b));
        assert_eq!(network("::ffff:1.2.3.4".parse().expect("address")), IpAddr::from([1, 2, 3, 4]));
    }
}
