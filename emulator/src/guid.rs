//! GUIDs as text, the form in which Graph names users, applications and tenants.

use ring::digest;

/// Sets the version and variant in `bytes` and formats them as `8-4-4-4-12` in lower case.
pub(crate) fn format(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = (bytes[6] & 0x0F) | (version << 4);
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 0x0F] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
    text
}

/// The GUID for a name. It is the same in every run, so `adele` always has the same id.
pub(crate) fn of_name(name: &str) -> String {
    let hash = digest::digest(&digest::SHA256, name.to_lowercase().as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    format(bytes, 8)
}

/// Whether `text` has the form of a GUID. Letter case does not matter.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::{is_guid, of_name};

    #[test]
    fn a_name_has_one_guid_whatever_its_case() {
        assert_eq!(of_name("Adele"), of_name("adele"));
        assert!(is_guid(&of_name("adele")), "{}", of_name("adele"));
    }

    #[test]
    fn only_the_hyphenated_form_is_a_guid() {
        assert!(is_guid("FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3"));
        for text in [
            "",
            "adele",
            "fa8bf3dceca746b7bad1db199b62afc3",
            "fa8bf3dc-eca7-46b7-bad1-db199b62afcg",
        ] {
            assert!(!is_guid(text), "{text}");
        }
    }
}
