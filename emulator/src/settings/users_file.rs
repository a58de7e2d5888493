//! Reads users from a file: JSON if the first character is `[` or `{`, otherwise CSV with a header line.

use crate::directory::NewUser;

const COLUMNS: [&str; 4] = ["id", "userPrincipalName", "nickname", "displayName"];

/// The reasons why a users file cannot be used.
pub(crate) type Reason = String;

/// Reads JSON, an array of names or objects or an object with such an array in `users`, or CSV, with columns named as
/// in JSON, in any order.
pub(crate) fn parse(text: &str) -> Result<Vec<NewUser>, Reason> {
    let text = text.trim_start();
    let users = if text.starts_with(['[', '{']) { from_json(text)? } else { from_csv(text)? };
    if users.is_empty() { Err("the file lists no user".into()) } else { Ok(users) }
}

fn from_json(text: &str) -> Result<Vec<NewUser>, Reason> {
    let mut value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| error.to_string())?;
    if let Some(users) = value.get_mut("users") {
        value = users.take();
    }
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn from_csv(text: &str) -> Result<Vec<NewUser>, Reason> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| error.to_string())?.clone();
    if let Some(unknown) = columns.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(format!(
            "a users file has no column {unknown}; the columns are {}, and commas separate them",
            COLUMNS.join(", ")
        ));
    }
    let rows = reader.records().map(|record| {
        let record = record.map_err(|error| error.to_string())?;
        // An empty cell is an absent value.
        let cells = columns.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        let object = cells.map(|(name, cell)| (name.to_owned(), cell.into())).collect();
        serde_json::from_value(serde_json::Value::Object(object)).map_err(|error| error.to_string())
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::directory::Directory;

    #[test]
    fn csv_and_json_name_the_same_users() {
        for text in [
            "userPrincipalName,displayName\nzoe@contoso.example,Zoe\nyan@contoso.example,\n",
            r#"[{"userPrincipalName": "zoe@contoso.example", "displayName": "Zoe"}, "yan@contoso.example"]"#,
            r#"{"users": ["zoe", "yan"]}"#,
        ] {
            let directory = Directory::of(parse(text).unwrap());
            let names: Vec<&str> =
                directory.all().iter().map(|user| user.user_principal_name.as_str()).collect();
            assert_eq!(names, ["zoe@contoso.example", "yan@contoso.example"], "{text}");
        }
    }

    #[test]
    fn a_file_without_users_says_why() {
        for (text, reason) in [
            ("", "no user"),
            ("[]", "no user"),
            ("mail\nzoe@contoso.example", "no column mail; the columns are id, userPrincipalName"),
            ("id;nickname\na;b", "no column id;nickname"),
            ("displayName\nZoe", "a user needs an id"),
            ("[1]", "1 is not a user; give a name or an object"),
            (r#"[{"mail": "zoe@contoso.example"}]"#, "unknown field `mail`, expected one of `id`"),
            ("[", "EOF"),
            ("id,displayName\na,b,c", "fields"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
