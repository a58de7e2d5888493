//! The users of the emulated tenant, and the names by which they can be found.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::DOMAIN;
use crate::guid;
use crate::presence::Presence;
use crate::random::Random;

/// The default users. The ids of the first and third are those in the examples of Microsoft's documentation.
const DEFAULT: [(&str, &str, &str, &str); 4] = [
    ("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "AdeleV@contoso.example", "adele", "Adele Vance"),
    ("66825e03-7ef5-42da-9069-724602c31f6b", "AlexW@contoso.example", "alex", "Alex Wilber"),
    ("ba441c11-1c11-ba44-111c-44ba111c44ba", "MeganB@contoso.example", "megan", "Megan Bowen"),
    ("dc74d9bb-6afe-433d-8eaa-e39d80d3a647", "LidiaH@contoso.example", "lidia", "Lidia Holloway"),
];

const FIRST: [&str; 12] = [
    "Ada", "Björn", "Chen", "Dilek", "Emeka", "Fatima", "Grigor", "Hana", "Ines", "Jun", "Kofi",
    "Lena",
];
const LAST: [&str; 12] = [
    "Abe", "Baker", "Costa", "Diaz", "Evans", "Farkas", "Gupta", "Huber", "Ito", "Jansen", "Kaya",
    "Lund",
];

/// A user as a test describes one. Missing properties are derived from the given ones.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct NewUser {
    id: Option<String>,
    user_principal_name: Option<String>,
    nickname: Option<String>,
    display_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Properties {
    id: Option<String>,
    user_principal_name: Option<String>,
    nickname: Option<String>,
    display_name: Option<String>,
}

/// A user in JSON: a name, or an object with some of Graph's properties.
impl TryFrom<Value> for NewUser {
    type Error = String;

    fn try_from(given: Value) -> Result<Self, Self::Error> {
        let user = match given {
            Value::String(name) => Self::named(&name),
            Value::Object(_) => {
                let Properties { id, user_principal_name, nickname, display_name } =
                    Properties::deserialize(given).map_err(|error| error.to_string())?;
                Self { id, user_principal_name, nickname, display_name }
            }
            other => return Err(format!("{other} is not a user; give a name or an object")),
        };
        user.has_a_name().then_some(user).ok_or_else(|| {
            "a user needs an id, a userPrincipalName or a nickname, and none of them may be empty".into()
        })
    }
}

impl NewUser {
    fn has_a_name(&self) -> bool {
        let names: Vec<&String> =
            [&self.id, &self.user_principal_name, &self.nickname].into_iter().flatten().collect();
        !names.is_empty() && names.iter().all(|name| !name.trim().is_empty())
    }

    /// From a short name (`adele`), a user principal name or an object id.
    pub(crate) fn named(name: &str) -> Self {
        let name = name.to_owned();
        match () {
            () if guid::is_guid(&name) => Self { id: Some(name), ..Self::default() },
            () if name.contains('@') => Self { user_principal_name: Some(name), ..Self::default() },
            () => Self { nickname: Some(name), ..Self::default() },
        }
    }
}

/// One user and that user's presence.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) user_principal_name: String,
    pub(crate) nickname: String,
    pub(crate) display_name: String,
    #[serde(default)]
    pub(crate) presence: Presence,
}

impl User {
    /// The names by which the user is found, apart from the id, in lower case.
    fn names(&self) -> [String; 3] {
        let upn = &self.user_principal_name;
        [&self.nickname, short_name(upn), upn].map(str::to_lowercase)
    }

    fn from_row((id, upn, nickname, display_name): (&str, &str, &str, &str)) -> Self {
        Self {
            id: id.into(),
            user_principal_name: upn.into(),
            nickname: nickname.into(),
            display_name: display_name.into(),
            presence: Presence::default(),
        }
    }

    /// The default user with that name, otherwise a user made from the given properties.
    fn from_new(new: NewUser) -> Self {
        let given = [&new.id, &new.user_principal_name, &new.nickname];
        let known = given.into_iter().flatten().next();
        let row = known.and_then(|name| {
            DEFAULT.into_iter().find(|row| {
                [row.0, row.1, row.2].iter().any(|known| known.eq_ignore_ascii_case(name))
            })
        });
        let base = row.map(Self::from_row);
        let base = base.as_ref();

        let nickname =
            new.nickname.or(base.map(|user| user.nickname.clone())).unwrap_or_else(|| {
                let name =
                    new.user_principal_name.as_deref().or(new.id.as_deref()).unwrap_or("user");
                short_name(name).to_owned()
            });
        let upn = new.user_principal_name.or(base.map(|user| user.user_principal_name.clone()));
        let upn = upn.unwrap_or_else(|| format!("{nickname}@{DOMAIN}"));
        Self {
            id: new
                .id
                .or(base.map(|user| user.id.clone()))
                .unwrap_or_else(|| guid::of_name(&upn))
                .to_lowercase(),
            display_name: new
                .display_name
                .or(base.map(|user| user.display_name.clone()))
                .unwrap_or(nickname.clone()),
            user_principal_name: upn,
            nickname,
            presence: Presence::default(),
        }
    }
}

/// All users in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    users: Vec<User>,
    by_id: HashMap<String, usize>,
    /// By the other names. If two users have the same name, the first one has it.
    by_name: HashMap<String, usize>,
}

impl Directory {
    pub(crate) fn of_default_users() -> Self {
        DEFAULT.into_iter().map(User::from_row).collect()
    }

    /// Makes up `count` users. The same state of `random` gives the same names.
    pub(crate) fn made_up(count: usize, random: &mut Random) -> Self {
        let user = |number| {
            let (first, last) = (*random.pick(&FIRST), *random.pick(&LAST));
            let nickname = format!("user{number}");
            User::from_new(NewUser {
                nickname: Some(nickname),
                display_name: Some(format!("{first} {last}")),
                ..NewUser::default()
            })
        };
        (1..=count).map(user).collect()
    }

    pub(crate) fn of(new: Vec<NewUser>) -> Self {
        new.into_iter().map(User::from_new).collect()
    }

    /// Adds users, or replaces those with the same ids. Returns the ids.
    pub(crate) fn add(&mut self, new: Vec<NewUser>) -> Vec<String> {
        let users: Vec<User> = new.into_iter().map(User::from_new).collect();
        let ids = users.iter().map(|user| user.id.clone()).collect();
        self.insert(users);
        ids
    }

    fn insert(&mut self, users: impl IntoIterator<Item = User>) {
        for user in users {
            match self.by_id.get(&user.id.to_lowercase()) {
                Some(&at) => self.users[at] = user,
                None => {
                    self.by_id.insert(user.id.to_lowercase(), self.users.len());
                    self.users.push(user);
                }
            }
        }
        // Anew, since one user may give up a name that another one has, too.
        self.by_name.clear();
        for (at, user) in self.users.iter().enumerate() {
            for name in user.names() {
                self.by_name.entry(name).or_insert(at);
            }
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        let name = name.to_lowercase();
        self.by_id.get(&name).or_else(|| self.by_name.get(&name)).copied()
    }

    /// Finds a user by object id, user principal name, the part of that before the @, or nickname; letter case does not
    /// matter.
    pub(crate) fn find(&self, name: &str) -> Option<&User> {
        self.position(name).map(|at| &self.users[at])
    }

    pub(crate) fn find_mut(&mut self, name: &str) -> Option<&mut User> {
        self.position(name).map(|at| &mut self.users[at])
    }

    pub(crate) fn all(&self) -> &[User] {
        &self.users
    }
}

impl FromIterator<User> for Directory {
    fn from_iter<I: IntoIterator<Item = User>>(users: I) -> Self {
        let mut directory = Self::default();
        directory.insert(users);
        directory
    }
}

fn short_name(upn: &str) -> &str {
    upn.split('@').next().unwrap_or(upn)
}

#[cfg(test)]
mod tests {
    use super::{Directory, NewUser, Random};

    #[test]
    fn a_user_is_found_by_every_name_in_any_case() {
        let directory = Directory::of_default_users();
        for name in [
            "fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
            "FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3",
            "adele",
            "AdeleV",
            "adelev@CONTOSO.example",
        ] {
            assert_eq!(directory.find(name).unwrap().nickname, "adele", "{name}");
        }
        assert!(directory.find("adele@elsewhere.example").is_none());
    }

    #[test]
    fn a_user_who_is_renamed_is_no_longer_found_by_the_old_names() {
        let mut directory = Directory::of_default_users();
        let id = directory.find("adele").unwrap().id.clone();
        directory.add(vec![renamed(&id, "adele.vance", "vance")]);
        for name in ["adele", "AdeleV", "AdeleV@contoso.example"] {
            assert!(directory.find(name).is_none(), "{name}");
        }
        for name in [id.as_str(), "vance", "adele.vance"] {
            assert_eq!(directory.find(name).map(|user| &user.id), Some(&id), "{name}");
        }
    }

    fn renamed(id: &str, name: &str, nickname: &str) -> NewUser {
        NewUser {
            id: Some(id.into()),
            user_principal_name: Some(format!("{name}@contoso.example")),
            nickname: Some(nickname.into()),
            ..NewUser::default()
        }
    }

    #[test]
    fn users_may_swap_their_names() {
        let mut directory = Directory::of_default_users();
        let [adele, megan] =
            ["adele", "megan"].map(|name| directory.find(name).unwrap().id.clone());
        directory.add(vec![renamed(&adele, "MeganB", "megan"), renamed(&megan, "AdeleV", "adele")]);
        for (name, id) in [("megan", &adele), ("AdeleV@contoso.example", &megan)] {
            assert_eq!(directory.find(name).map(|user| &user.id), Some(id), "{name}");
        }
    }

    #[test]
    fn a_short_name_is_enough_to_make_a_user() {
        let directory = Directory::of(vec![NewUser::named("adele"), NewUser::named("zoe")]);
        assert_eq!(directory.find("adele").unwrap().id, "fa8bf3dc-eca7-46b7-bad1-db199b62afc3");
        assert_eq!(directory.find("zoe").unwrap().user_principal_name, "zoe@contoso.example");
        assert_eq!(directory.all().len(), 2);
    }

    #[test]
    fn ten_thousand_made_up_users_are_ten_thousand() {
        let directory = Directory::made_up(10_000, &mut Random::new(1));
        assert_eq!(directory.all().len(), 10_000);
        assert_eq!(directory.find("user10000").unwrap().id, directory.all()[9_999].id);
    }
}
