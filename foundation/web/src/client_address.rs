//! The address a request came from, for rate limits. Never logged.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::Office;

/// The peer, or behind a proxy what the proxy says (last entry of `X-Forwarded-For`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Neighbours share it: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address.
    pub fn prefix(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}::/48")
            }
        }
    }

    pub(crate) fn is_this_machine(self) -> bool {
        self.0.to_canonical().is_loopback()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress
where
    Office: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let office = Office::from_ref(state);
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let forwarded = forwarded.filter(|_| office.settings.behind_proxy);
        let told = forwarded.and_then(|value| value.rsplit(',').next()).and_then(|value| value.trim().parse().ok());
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // A request without a connection comes from the test client.
        Ok(Self(told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_prefix() {
        let prefix = |address: &str| ClientAddress(address.parse().unwrap()).prefix();
        assert_eq!(prefix("203.0.113.7"), "203.0.113.0/24");
        assert_eq!(prefix("::ffff:203.0.113.9"), "203.0.113.0/24");
        assert_eq!(prefix("2001:db8:1:2::3"), "2001:db8:1::/48");
    }
}
