//! Decides which operations are sent when, without I/O: the time and the free places are passed in.
//!
//! A batch is sent when it is full, when it is flushed, or a moment after its first operation. Operations are sent in
//! the order of their numbers, so that one that has to be repeated is sent before those that were submitted later.

mod group;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};
use std::hash::Hash;
use std::time::Instant;

pub(crate) use self::group::MOST_IN_BATCH;
use self::group::{Group, Rank};
use super::health::{May, Sign};
use super::order::{Access, Order};

/// The operations that were submitted and have not ended. `G` is what operations must have in common to be in the same
/// batch; `W` is the work of an operation.
#[derive(Debug)]
pub(super) struct Schedule<G, W> {
    slots: HashMap<u64, Slot<G, W>>,
    groups: HashMap<G, Group>,
    /// The groups with ready operations, by their first one.
    ready: BTreeSet<(Rank, G)>,
    order: Order,
    /// Operations to be sent again, by the time at which they are ready.
    deferred: BinaryHeap<Reverse<(Instant, u64)>>,
    /// Operations that are not in flight, by the time at which they give up.
    give_up: BTreeSet<(Instant, u64)>,
    in_flight: usize,
    most_in_flight: usize,
    newest: u64,
    /// Operations up to this number do not wait for a full batch.
    flushed: u64,
}

/// What the schedule has to know about an operation.
#[derive(Clone, Debug)]
pub(super) struct Facts<G> {
    pub(super) group: G,
    /// The user whose operations are sent in order; `None` if there is no order to keep.
    pub(super) user: Option<Box<str>>,
    pub(super) access: Access,
    /// Urgent operations are sent before all others.
    pub(super) is_urgent: bool,
    /// Whether it cannot be in a batch with others.
    pub(super) is_alone: bool,
}

impl<G> Facts<G> {
    fn rank(&self, operation: u64) -> Rank {
        (!self.is_urgent, operation)
    }
}

/// A batch that is sent now.
#[derive(Debug)]
pub(super) struct Departure<G, W, P> {
    pub(super) group: G,
    pub(super) places: P,
    pub(super) work: Vec<(u64, W)>,
    /// Whether at least one operation is sent for the first time.
    pub(super) is_fresh: bool,
}

/// What becomes of an operation that was in flight.
#[derive(Debug)]
pub(super) enum Fate<W> {
    Ended,
    Again(Again<W>),
}

/// An operation that is sent again at `at` or later, or fails at `give_up`.
#[derive(Debug)]
pub(super) struct Again<W> {
    pub(super) work: W,
    pub(super) at: Instant,
    pub(super) give_up: Instant,
    /// Whether it is sent without others from now on.
    pub(super) is_alone: bool,
}

/// What to do next.
#[derive(Debug)]
pub(super) enum Next<G, W, P> {
    Send(Departure<G, W, P>),
    /// Ask again at this time, or when something has changed.
    Wait(Option<Instant>),
}

#[derive(Debug)]
struct Slot<G, W> {
    facts: Facts<G>,
    /// `None` while it is in flight.
    work: Option<W>,
    stage: Stage,
    added: Instant,
    give_up: Instant,
    /// How many times the operation was sent.
    sent: u32,
    /// Whether it is in flight to see whether the service is back.
    is_trial: bool,
}

/// What an operation waited for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Wait<G> {
    pub(super) group: G,
    /// Whether another operation of its user held it up.
    pub(super) is_behind: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// It waits for another operation of its user.
    Behind,
    Ready,
    Deferred,
    InFlight,
}

impl<G: Clone + Hash + Ord, W> Schedule<G, W> {
    pub(super) fn new(most_in_flight: usize) -> Self {
        Self {
            slots: HashMap::new(),
            groups: HashMap::new(),
            ready: BTreeSet::new(),
            order: Order::default(),
            deferred: BinaryHeap::new(),
            give_up: BTreeSet::new(),
            in_flight: 0,
            most_in_flight,
            newest: 0,
            flushed: 0,
        }
    }

    /// Adds an operation, whose number must be greater than all before. Returns whether that may change what is sent
    /// next, or when.
    pub(super) fn add(
        &mut self,
        operation: u64,
        facts: Facts<G>,
        work: W,
        give_up: Instant,
        now: Instant,
    ) -> bool {
        let user = facts.user.as_deref();
        let may_begin = user.is_none_or(|user| self.order.enter(user, operation, facts.access));
        let stage = Stage::Behind;
        let slot =
            Slot { facts, work: Some(work), stage, added: now, give_up, sent: 0, is_trial: false };
        self.newest = operation;
        let group = slot.facts.group.clone();
        let known = self.groups.entry(group.clone()).or_insert_with(|| Group::new(now));
        known.operations += 1;
        self.slots.insert(operation, slot);
        let gives_up_first = self.give_up.first().is_none_or(|(first, _)| give_up < *first);
        self.give_up.insert((give_up, operation));
        if may_begin {
            self.make_ready(operation, now);
        }
        let ready = self.groups[&group].ready.len();
        gives_up_first || may_begin && (ready == 1 || ready.is_multiple_of(MOST_IN_BATCH))
    }

    /// Records the end of a batch, and what becomes of its operations.
    pub(super) fn batch_ended(
        &mut self,
        group: &G,
        sign: Sign,
        fates: impl IntoIterator<Item = (u64, Fate<W>)>,
        now: Instant,
    ) {
        self.in_flight -= 1;
        let mut was_trial = false;
        for (operation, fate) in fates {
            was_trial |= self.slots.get(&operation).is_some_and(|slot| slot.is_trial);
            match fate {
                Fate::Ended => self.end(operation, now),
                Fate::Again(again) => self.defer(operation, again),
            }
        }
        if let Some(group) = self.groups.get_mut(group) {
            group.in_flight -= 1;
            group.health.saw(sign, was_trial, now);
        }
    }

    fn end(&mut self, operation: u64, now: Instant) {
        if let Some(slot) = self.slots.remove(&operation) {
            self.leave(&slot.facts, now);
            self.one_fewer(&slot.facts.group);
        }
    }

    fn defer(&mut self, operation: u64, Again { work, at, give_up, is_alone }: Again<W>) {
        let Some(slot) = self.slots.get_mut(&operation) else { return };
        slot.work = Some(work);
        slot.facts.is_alone |= is_alone;
        slot.stage = Stage::Deferred;
        slot.give_up = give_up;
        self.give_up.insert((give_up, operation));
        self.deferred.push(Reverse((at, operation)));
    }

    /// Removes an operation; `None` if it is unknown, or if it is in flight and therefore stays.
    pub(super) fn remove(&mut self, operation: u64, now: Instant) -> Option<W> {
        let is_here = |slot: &&Slot<G, W>| slot.stage != Stage::InFlight;
        self.slots.get(&operation).filter(is_here)?;
        let slot = self.slots.remove(&operation)?;
        self.give_up.remove(&(slot.give_up, operation));
        self.change_ready(&slot.facts.group, |ready| ready.remove(&slot.facts.rank(operation)));
        match (slot.stage, slot.facts.user.as_deref()) {
            (Stage::Behind, Some(user)) => {
                let begin = self.order.withdraw(user, operation);
                begin.into_iter().for_each(|operation| self.make_ready(operation, now));
            }
            _ => self.leave(&slot.facts, now),
        }
        self.one_fewer(&slot.facts.group);
        slot.work
    }

    /// Removes the operations of a group that are not in flight and were added before a moment.
    pub(super) fn remove_group(
        &mut self,
        group: &G,
        before: Instant,
        now: Instant,
    ) -> Vec<(u64, W)> {
        let is_in =
            |(_, slot): &(&u64, &Slot<G, W>)| slot.facts.group == *group && slot.added < before;
        let mut all: Vec<u64> = self.slots.iter().filter(is_in).map(|(it, _)| *it).collect();
        all.sort_unstable();
        all.into_iter().filter_map(|it| self.remove(it, now).map(|work| (it, work))).collect()
    }

    /// Removes the operations that have waited too long. For each it tells what it waited for.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<(u64, W, Wait<G>)> {
        let late = self.give_up.iter().take_while(|(at, _)| *at <= now);
        let wait = |operation| {
            let Slot { facts, stage, .. } = &self.slots[operation];
            Wait { group: facts.group.clone(), is_behind: *stage == Stage::Behind }
        };
        let late: Vec<_> = late.map(|(_, it)| (*it, wait(it))).collect();
        late.into_iter().filter_map(|(it, wait)| Some((it, self.remove(it, now)?, wait))).collect()
    }

    /// Sends everything that was submitted so far, without waiting for full batches.
    pub(super) fn flush(&mut self) {
        self.flushed = self.newest;
    }

    /// The number of operations that are not in flight.
    pub(super) fn waiting(&self) -> usize {
        self.give_up.len()
    }

    /// The number of requests in flight.
    #[cfg(test)]
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The next batch, if one may be sent. `places` takes up to a number of places for a group. It returns them and
    /// their count, or the time at which to ask again.
    pub(super) fn next<P>(
        &mut self,
        now: Instant,
        mut places: impl FnMut(&G, usize) -> Result<(P, usize), Option<Instant>>,
    ) -> Next<G, W, P> {
        self.release_deferred(now);
        let mut wake = self.wake();
        let mut sooner = |at: Option<Instant>| wake = wake.into_iter().chain(at).min();
        if self.in_flight >= self.most_in_flight {
            return Next::Wait(wake);
        }
        let mut found = None;
        for (_, key) in &self.ready {
            let group = &self.groups[key];
            let leaves = group.leaves(self.flushed, now);
            if leaves > now {
                sooner(Some(leaves));
                continue;
            }
            let (mut chosen, is_trial) = match group.health.may(now) {
                May::SendAll => (self.first_of(group), false),
                May::SendOne => (self.least_sent_of(group), true),
                May::Wait(until) => {
                    sooner(until);
                    continue;
                }
            };
            match places(key, chosen.len()) {
                Ok((places, count)) => {
                    chosen.truncate(count);
                    found = Some((key.clone(), places, chosen, is_trial));
                    break;
                }
                Err(again) => sooner(again),
            }
        }
        match found {
            None => Next::Wait(wake),
            Some((key, places, chosen, is_trial)) => {
                Next::Send(self.depart(key, places, chosen, is_trial, now))
            }
        }
    }

    /// The operations of the next batch: the first ones, or one that is sent alone.
    fn first_of(&self, group: &Group) -> Vec<Rank> {
        let is_alone = |(_, operation): &Rank| self.slots[operation].facts.is_alone;
        match group.ready.first() {
            Some(first) if is_alone(first) => vec![*first],
            _ => {
                group.ready.iter().filter(|it| !is_alone(it)).take(MOST_IN_BATCH).copied().collect()
            }
        }
    }

    /// The operation to try whether the service is back: the one that was sent least has the most attempts left. One
    /// that is sent alone may fail for a reason of its own.
    fn least_sent_of(&self, group: &Group) -> Vec<Rank> {
        let order = |(_, operation): &&Rank| {
            let slot = &self.slots[operation];
            (slot.facts.is_alone, slot.sent)
        };
        group.ready.iter().min_by_key(order).copied().into_iter().collect()
    }

    fn depart<P>(
        &mut self,
        key: G,
        places: P,
        chosen: Vec<Rank>,
        is_trial: bool,
        now: Instant,
    ) -> Departure<G, W, P> {
        self.change_ready(&key, |ready| {
            for rank in &chosen {
                ready.remove(rank);
            }
        });
        let group = self.groups.get_mut(&key).expect("a group with a ready operation exists");
        group.first = now;
        group.in_flight += 1;
        self.in_flight += 1;
        if is_trial {
            group.health.tries();
        }
        let mut is_fresh = false;
        let mut work = Vec::with_capacity(chosen.len());
        for (_, operation) in chosen {
            let slot = self.slots.get_mut(&operation).expect("a ready operation has a slot");
            self.give_up.remove(&(slot.give_up, operation));
            slot.stage = Stage::InFlight;
            is_fresh |= slot.sent == 0;
            slot.sent += 1;
            slot.is_trial = is_trial;
            work.extend(slot.work.take().map(|work| (operation, work)));
        }
        Departure { group: key, places, work, is_fresh }
    }

    /// When the next operation becomes ready or gives up.
    fn wake(&self) -> Option<Instant> {
        let deferred = self.deferred.peek().map(|Reverse((at, _))| *at);
        let give_up = self.give_up.first().map(|(at, _)| *at);
        deferred.into_iter().chain(give_up).min()
    }

    fn release_deferred(&mut self, now: Instant) {
        while let Some(Reverse((_, operation))) =
            self.deferred.peek().copied().filter(|Reverse((at, _))| *at <= now)
        {
            self.deferred.pop();
            let is_deferred = |slot: &Slot<G, W>| slot.stage == Stage::Deferred;
            if self.slots.get(&operation).is_some_and(is_deferred) {
                self.make_ready(operation, now);
            }
        }
    }

    fn make_ready(&mut self, operation: u64, now: Instant) {
        let Some(slot) = self.slots.get_mut(&operation) else { return };
        slot.stage = Stage::Ready;
        let group = self.groups.get_mut(&slot.facts.group).expect("an operation has a group");
        if group.ready.is_empty() {
            group.first = now;
        }
        group.last = now;
        let (key, rank) = (slot.facts.group.clone(), slot.facts.rank(operation));
        self.change_ready(&key, |ready| ready.insert(rank));
    }

    /// Changes the ready operations of a group, and the group's place among the others.
    fn change_ready<R>(&mut self, key: &G, change: impl FnOnce(&mut BTreeSet<Rank>) -> R) {
        let Some(group) = self.groups.get_mut(key) else { return };
        let before = group.ready.first().copied();
        change(&mut group.ready);
        let after = group.ready.first().copied();
        if before != after {
            before.map(|first| self.ready.remove(&(first, key.clone())));
            after.map(|first| self.ready.insert((first, key.clone())));
        }
    }

    fn leave(&mut self, facts: &Facts<G>, now: Instant) {
        if let Some(user) = facts.user.as_deref() {
            let begin = self.order.leave(user);
            begin.into_iter().for_each(|operation| self.make_ready(operation, now));
        }
    }

    /// Counts one operation fewer, and removes a group that has none left.
    fn one_fewer(&mut self, key: &G) {
        if let Some(group) = self.groups.get_mut(key) {
            group.operations -= 1;
            if group.operations == 0 {
                self.groups.remove(key);
            }
        }
    }
}
