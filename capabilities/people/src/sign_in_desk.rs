//! What sign-in keeps in memory for the whole program: the turns of password hashing and the limits on attempts. Wiring
//! puts it into the office; handlers take it as `office.part::<SignInDesk>()`.
//!
//! Limits: ten attempts in a row for one account, then one a minute; three hundred from one address prefix, then five a
//! second. A room of a hundred people behind one address signs in with two typing errors each; guessing passwords of one
//! account or of many from one place does not get far.

use melek_web::{ClientAddress, Clock, Throttle};

use crate::password::Passwords;

const PER_ACCOUNT: (u32, i64) = (10, 60_000);
const PER_ADDRESS: (u32, i64) = (300, 200);

pub struct SignInDesk {
    pub(crate) passwords: Passwords,
    per_account: Throttle,
    per_address: Throttle,
}

impl SignInDesk {
    pub fn new(clock: Clock) -> Self {
        Self {
            passwords: Passwords::new(),
            per_account: Throttle::new(clock.clone(), PER_ACCOUNT.0, PER_ACCOUNT.1),
            per_address: Throttle::new(clock, PER_ADDRESS.0, PER_ADDRESS.1),
        }
    }

    /// Counts an attempt on what was typed as user name, whether there is such an account or not; answers the seconds to
    /// wait when there were too many.
    pub(crate) fn attempt(&self, login: &str, from: ClientAddress) -> Result<(), u64> {
        self.per_address.attempt(&from.prefix())?;
        self.per_account.attempt(login)
    }

    /// Counts an attempt to prove the password of an account that is signed in.
    pub(crate) fn attempt_of_account(&self, account: &str) -> Result<(), u64> {
        self.per_account.attempt(account)
    }

    /// After the right password the account's attempts are forgotten; those of the address are not.
    pub(crate) fn succeeded(&self, login: &str) {
        self.per_account.forget(login);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> ClientAddress {
        ClientAddress(address.parse().unwrap())
    }

    #[test]
    fn a_room_of_a_hundred_behind_one_address_signs_in_and_guessing_from_one_network_ends() {
        let clock = Clock::manual(0);
        let desk = SignInDesk::new(clock.clone());
        for attempt in 0..300 {
            let neighbour = from(&format!("10.0.7.{}", attempt % 250));
            assert_eq!(desk.attempt(&format!("user{attempt}"), neighbour), Ok(()));
        }
        assert_eq!(desk.attempt("user", from("10.0.7.1")), Err(1));
        assert_eq!(desk.attempt("user", from("10.0.8.1")), Ok(()));
        clock.advance(200);
        assert_eq!(desk.attempt("user", from("10.0.7.1")), Ok(()));
    }

    #[test]
    fn the_right_password_forgets_the_attempts_of_its_account() {
        let desk = SignInDesk::new(Clock::manual(0));
        for _ in 0..10 {
            assert_eq!(desk.attempt("sari", from("::1")), Ok(()));
        }
        assert_eq!(desk.attempt("sari", from("::1")), Err(60));
        desk.succeeded("sari");
        assert_eq!(desk.attempt("sari", from("::1")), Ok(()));
    }
}
