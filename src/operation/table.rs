//! The table of operations. Each operation's file defines its row.

use super::row::Row;
use super::{
    Operation, clear_automatic_location, clear_location, clear_presence,
    clear_user_preferred_presence, count_presences, create_presence, delete_presence, get_presence,
    get_presences_by_user_id, list_presences, set_automatic_location, set_manual_location,
    set_presence, set_status_message, set_user_preferred_presence, update_presence,
};

/// Every operation, by number.
static TABLE: &[Row] = &[
    get_presence::ROW,
    set_presence::ROW,
    update_presence::ROW,
    create_presence::ROW,
    delete_presence::ROW,
    clear_presence::ROW,
    set_user_preferred_presence::ROW,
    clear_user_preferred_presence::ROW,
    set_status_message::ROW,
    set_manual_location::ROW,
    set_automatic_location::ROW,
    clear_location::ROW,
    clear_automatic_location::ROW,
    list_presences::ROW,
    count_presences::ROW,
    get_presences_by_user_id::ROW,
];

impl Operation {
    /// Every operation, by number.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        TABLE.iter().map(|row| row.operation)
    }

    /// The operation with a number of the C ABI; `None` if the number is unknown.
    pub fn from_number(number: i32) -> Option<Self> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        TABLE.get(index).map(|row| row.operation)
    }

    /// The pairs of availability and activity that the operation accepts; empty if it has no such rule.
    pub fn pairs(self) -> &'static [(&'static str, &'static str)] {
        self.row().pairs.map_or(&[], |pairs| pairs.accepted)
    }

    pub(crate) fn row(self) -> &'static Row {
        &TABLE[self as usize - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::row::{Effect, Method, Replay};
    use crate::presence::pairs;

    #[test]
    fn the_table_is_ordered_by_number() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.operation as usize, index + 1, "{}", row.name);
            assert_eq!(Operation::from_number(row.operation as i32), Some(row.operation));
        }
        assert_eq!(Operation::from_number(0), None);
        assert_eq!(Operation::from_number(TABLE.len() as i32 + 1), None);
        assert_eq!(Operation::from_number(i32::MIN), None);
    }

    #[test]
    fn the_properties_of_a_row_agree_with_its_name() {
        for row in TABLE {
            assert!(!row.name.is_empty() && !row.does.is_empty(), "{row:?}");
            let reads = row.does.starts_with("read")
                || row.does.starts_with("list")
                || row.does.starts_with("count");
            assert_eq!(row.effect == Effect::Read, reads, "{}", row.name);
            // Graph names an action in one word, and every action is a POST.
            assert_eq!(row.is_action, !row.name.contains(' '), "{}", row.name);
            assert!(!row.is_action || row.method == Method::Post, "{}", row.name);
        }
    }

    #[test]
    fn a_route_reads_as_in_graphs_metadata() {
        for (operation, target, route) in [
            (
                Operation::SetPresence,
                1,
                "POST /users/{user-id}/presence/microsoft.graph.setPresence",
            ),
            (Operation::UpdatePresence, 2, "PATCH /communications/presences/{presence-id}"),
            (Operation::CountPresences, 0, "GET /communications/presences/$count"),
            (Operation::CreatePresence, 0, "POST /communications/presences"),
            (
                Operation::GetPresencesByUserId,
                0,
                "POST /communications/microsoft.graph.getPresencesByUserId",
            ),
        ] {
            assert_eq!(operation.row().route(target), route);
        }
    }

    #[test]
    fn only_the_two_set_actions_have_pairs() {
        use Operation::*;
        let session = pairs::SESSION.accepted;
        for (operation, accepted) in [
            (SetPresence, session),
            (SetUserPreferredPresence, pairs::PREFERRED.accepted),
            (GetPresence, &[]),
            (ClearPresence, &[]),
            (SetStatusMessage, &[]),
        ] {
            assert_eq!(operation.pairs(), accepted, "{operation:?}");
        }
    }

    /// The rule depends on what a repeated request would do to the user: see the page that each operation's file links.
    #[test]
    fn the_replay_rules_are_these() {
        use Operation::*;
        let never = [CreatePresence];
        let done_is_404 = [DeletePresence, ClearPresence];
        for row in TABLE {
            let rule = match row.operation {
                operation if never.contains(&operation) => Replay::Never,
                operation if done_is_404.contains(&operation) => Replay::SafeDoneIs404,
                _ => Replay::Safe,
            };
            assert_eq!(row.replay, rule, "{}", row.name);
        }
    }

    #[test]
    fn only_create_update_and_delete_are_undocumented() {
        let names: Vec<_> =
            TABLE.iter().filter(|row| !row.is_documented).map(|row| row.name).collect();
        assert_eq!(names, ["update presence", "create presence", "delete presence"]);
    }
}
