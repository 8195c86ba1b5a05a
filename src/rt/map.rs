//! Ordered maps and sets for a small module: what the standard library's would be, but with one index
//! for all types of values.
//!
//! `BTreeMap` costs 5 to 12 KB of wasm for every pair of types it is used with, and this SDK has
//! thirty; that was a quarter of the module. Here an index of keys holds positions, and the values lie
//! in a vector, so that only a few lines are compiled anew for each type.
use std::borrow::Borrow;
use std::fmt;
use std::ops::{Bound, Index, RangeBounds};

/// Keys a piece of the index holds at most; a full one is cut in two.
const PIECE_KEYS_MAX: usize = 512;

/// Keys in order, each with the place of its value. Pieces of bounded length, so that inserting moves
/// few of them, however many there are.
#[derive(Clone)]
struct Keys<K> {
    /// None is empty.
    pieces: Vec<Vec<(K, u32)>>,
    len: usize,
}

impl<K> Default for Keys<K> {
    fn default() -> Self {
        Self {
            pieces: Vec::new(),
            len: 0,
        }
    }
}

impl<K: Ord> Keys<K> {
    /// Where a key is, or where it would be inserted: piece and position. The piece may be one past the
    /// last.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<(usize, usize), (usize, usize)>
    where
        K: Borrow<Q>,
    {
        let first = |piece: &Vec<(K, u32)>| piece.first().is_some_and(|(k, _)| k.borrow() <= key);
        // The last piece that begins at or before the key.
        let piece = self.pieces.partition_point(first).saturating_sub(1);
        let Some(keys) = self.pieces.get(piece) else {
            return Err((piece, 0));
        };
        match keys.binary_search_by(|(k, _)| k.borrow().cmp(key)) {
            Ok(position) => Ok((piece, position)),
            Err(position) => Err((piece, position)),
        }
    }

    fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        let (piece, position) = self.find(key).ok()?;
        Some(self.pieces[piece][position].1)
    }

    /// The place of a key; for a new one `place` is noted.
    fn get_or_insert(&mut self, key: K, place: u32) -> u32 {
        let last = self.pieces.last();
        let is_last = last
            .and_then(|piece| piece.last())
            .is_none_or(|(last, _)| *last < key);
        let (piece, position) = if is_last {
            // Nearly always so when rows are loaded or a queue is filled: nothing is looked for.
            let piece = self.pieces.len().saturating_sub(1);
            (piece, last.map_or(0, Vec::len))
        } else {
            match self.find(&key) {
                Ok((piece, position)) => return self.pieces[piece][position].1,
                Err(gap) => gap,
            }
        };
        self.len += 1;
        if piece == self.pieces.len() {
            self.pieces.push(Vec::new());
        }
        let keys = &mut self.pieces[piece];
        keys.insert(position, (key, place));
        if keys.len() > PIECE_KEYS_MAX {
            let half = keys.split_off(PIECE_KEYS_MAX / 2);
            self.pieces.insert(piece + 1, half);
        }
        place
    }

    fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        let (piece, position) = self.find(key).ok()?;
        self.len -= 1;
        let (_, place) = self.pieces[piece].remove(position);
        if self.pieces[piece].is_empty() {
            self.pieces.remove(piece);
        }
        Some(place)
    }

    /// First and one past the last of a range, each as piece and position.
    fn bounds(&self, range: &impl RangeBounds<K>) -> [(usize, usize); 2] {
        let at = |bound: Bound<&K>, after: Bound<()>| match bound {
            Bound::Unbounded => match after {
                Bound::Included(()) => (self.pieces.len(), 0),
                _ => (0, 0),
            },
            Bound::Included(key) => match (self.find(key), after) {
                (Ok((piece, position)), Bound::Included(())) => (piece, position + 1),
                (Ok(found) | Err(found), _) => found,
            },
            Bound::Excluded(key) => match (self.find(key), after) {
                (Ok((piece, position)), Bound::Excluded(())) => (piece, position + 1),
                (Ok(found) | Err(found), _) => found,
            },
        };
        [
            at(range.start_bound(), Bound::Excluded(())),
            at(range.end_bound(), Bound::Included(())),
        ]
    }

    /// Everything in order.
    fn iter(&self) -> Walk<'_, K> {
        self.between([(0, 0), (self.pieces.len(), 0)])
    }

    /// What lies between two bounds, as [`Keys::bounds`] gives them.
    fn between(&self, [from, to]: [(usize, usize); 2]) -> Walk<'_, K> {
        Walk {
            pieces: &self.pieces,
            from,
            to,
        }
    }

    fn into_iter(self) -> Drain<K> {
        Drain {
            pieces: self.pieces.into_iter(),
            piece: Vec::new().into_iter(),
        }
    }
}

/// Keys in order with their places. A type of its own: what the standard library's adaptors make of it
/// is compiled anew for everything that is done with it.
struct Walk<'m, K> {
    pieces: &'m [Vec<(K, u32)>],
    from: (usize, usize),
    to: (usize, usize),
}

impl<'m, K> Iterator for Walk<'m, K> {
    type Item = &'m (K, u32);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        while self.from < self.to {
            let key = self.pieces.get(self.from.0)?.get(self.from.1);
            if key.is_some() {
                self.from.1 += 1;
                return key;
            }
            self.from = (self.from.0 + 1, 0);
        }
        None
    }
}

impl<K> DoubleEndedIterator for Walk<'_, K> {
    #[inline(never)]
    fn next_back(&mut self) -> Option<Self::Item> {
        while self.from < self.to {
            if self.to.1 > 0 {
                self.to.1 -= 1;
                return self.pieces.get(self.to.0)?.get(self.to.1);
            }
            let piece = self.to.0 - 1;
            self.to = (piece, self.pieces.get(piece)?.len());
        }
        None
    }
}

/// Keys in order with their places, owned.
struct Drain<K> {
    pieces: std::vec::IntoIter<Vec<(K, u32)>>,
    piece: std::vec::IntoIter<(K, u32)>,
}

impl<K> Iterator for Drain<K> {
    type Item = (K, u32);

    #[inline(never)]
    fn next(&mut self) -> Option<(K, u32)> {
        loop {
            if let Some(key) = self.piece.next() {
                return Some(key);
            }
            self.piece = self.pieces.next()?.into_iter();
        }
    }
}

/// A map ordered by key. Looking up takes logarithmic time, inserting and removing nearly so.
#[derive(Clone)]
pub struct Map<K, V> {
    /// Where the value of a key lies.
    index: Keys<K>,
    /// Values; places of removed ones are empty until they are used again.
    values: Vec<Option<V>>,
    /// Empty places.
    free: Vec<u32>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self {
            index: Keys::default(),
            values: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<K: Ord, V> Map<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.index.len
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.index.len == 0
    }

    /// Whether there is a value for the key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.index.get(key).is_some()
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.at(self.index.get(key)?)
    }

    /// The value of a key, to change.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.index.get(key)?;
        self.values.get_mut(place as usize)?.as_mut()
    }

    /// Sets the value of a key; answers with the former one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let place = self.place(key);
        self.values[place].replace(value)
    }

    /// The value of a key, made if there is none.
    pub fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place(key);
        self.values[place].get_or_insert_with(make)
    }

    /// The value of a key, the default if there is none.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }

    /// Takes a key out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.index.remove(key)?;
        self.free.push(place);
        self.values.get_mut(place as usize)?.take()
    }

    /// Takes out what `keep` does not want, by key.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let (values, free) = (&mut self.values, &mut self.free);
        for keys in &mut self.index.pieces {
            keys.retain(|(key, place)| {
                let value = &mut values[*place as usize];
                let kept = value.as_mut().is_some_and(|value| keep(key, value));
                if !kept {
                    value.take();
                    free.push(*place);
                }
                kept
            });
        }
        self.index.pieces.retain(|keys| !keys.is_empty());
        self.index.len = self.index.pieces.iter().map(Vec::len).sum();
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// All pairs by key.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter {
            keys: self.index.iter(),
            values: &self.values,
        }
    }

    /// Pairs of a range of keys.
    pub fn range(&self, range: impl RangeBounds<K>) -> Iter<'_, K, V> {
        Iter {
            keys: self.index.between(self.index.bounds(&range)),
            values: &self.values,
        }
    }

    /// The first pair at or after a key, its value to change.
    pub fn first_from_mut(&mut self, key: &K) -> Option<(&K, &mut V)> {
        let bounds = self.index.bounds(&(key..));
        let (key, place) = self.index.between(bounds).next()?;
        Some((key, self.values.get_mut(*place as usize)?.as_mut()?))
    }

    /// All keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.index.iter().map(|(key, _)| key)
    }

    /// All values by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// All values, to change, in **no** order.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.values.iter_mut().flatten()
    }

    /// All values by key, owned.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// Takes out everything from a key on.
    pub fn split_off(&mut self, key: &K) -> Self {
        let mut rest = Self::new();
        while let Some((last, _)) = self.last_key_value().filter(|(last, _)| *last >= key) {
            // The keys above are few: what waits for a gap.
            let (piece, position) = self.index.find(last).expect("the key is in the map");
            let (last, place) = self.index.pieces[piece].remove(position);
            self.index.len -= 1;
            if position == 0 {
                self.index.pieces.remove(piece);
            }
            self.free.push(place);
            if let Some(value) = self.values[place as usize].take() {
                rest.insert(last, value);
            }
        }
        rest
    }

    /// The first pair.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The last pair.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }

    fn at(&self, place: u32) -> Option<&V> {
        self.values.get(place as usize)?.as_ref()
    }

    /// The place of a key, a new one where it is not there.
    fn place(&mut self, key: K) -> usize {
        let new = self
            .free
            .last()
            .copied()
            .unwrap_or(self.values.len() as u32);
        let place = self.index.get_or_insert(key, new);
        if place == new && self.free.last() == Some(&new) {
            self.free.pop();
        } else if place as usize == self.values.len() {
            self.values.push(None);
        }
        place as usize
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, pairs: T) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        let mut map = Self::new();
        map.extend(pairs);
        map
    }
}

/// Pairs by key.
pub struct Iter<'m, K, V> {
    keys: Walk<'m, K>,
    values: &'m [Option<V>],
}

impl<'m, K, V> Iterator for Iter<'m, K, V> {
    type Item = (&'m K, &'m V);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, place) = self.keys.next()?;
        Some((key, self.values.get(*place as usize)?.as_ref()?))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let (key, place) = self.keys.next_back()?;
        Some((key, self.values.get(*place as usize)?.as_ref()?))
    }
}

/// Pairs by key, owned.
pub struct IntoIter<K, V> {
    keys: Drain<K>,
    values: Vec<Option<V>>,
}

impl<K, V> Iterator for IntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let (key, place) = self.keys.next()?;
        let value = self.values.get_mut(place as usize)?.take()?;
        Some((key, value))
    }
}

impl<K: Ord, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        IntoIter {
            keys: self.index.into_iter(),
            values: self.values,
        }
    }
}

impl<'m, K: Ord, V> IntoIterator for &'m Map<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = Iter<'m, K, V>;

    fn into_iter(self) -> Iter<'m, K, V> {
        self.iter()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key is in the map")
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A set ordered by key.
#[derive(Clone)]
pub struct Set<K>(Keys<K>);

impl<K> Default for Set<K> {
    fn default() -> Self {
        Set(Keys::default())
    }
}

impl<K: Ord> Set<K> {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Whether the key is in the set.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.get(key).is_some()
    }

    /// Puts a key in; answers whether it is new.
    pub fn insert(&mut self, key: K) -> bool {
        let before = self.0.len;
        self.0.get_or_insert(key, 0);
        self.0.len > before
    }

    /// Takes a key out; answers whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.remove(key).is_some()
    }

    /// All keys in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }
}

/// Keys in order, owned.
pub struct IntoKeys<K>(Drain<K>);

impl<K> Iterator for IntoKeys<K> {
    type Item = K;

    fn next(&mut self) -> Option<K> {
        Some(self.0.next()?.0)
    }
}

impl<K: Ord> IntoIterator for Set<K> {
    type Item = K;
    type IntoIter = IntoKeys<K>;

    fn into_iter(self) -> IntoKeys<K> {
        IntoKeys(self.0.into_iter())
    }
}

impl<K: Ord> Extend<K> for Set<K> {
    fn extend<T: IntoIterator<Item = K>>(&mut self, keys: T) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<K: Ord> FromIterator<K> for Set<K> {
    fn from_iter<T: IntoIterator<Item = K>>(keys: T) -> Self {
        let mut set = Self::new();
        set.extend(keys);
        set
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The map does what the standard library's does, whatever is asked of it.
    #[test]
    fn it_is_the_standard_map() {
        let mut random = 7u64;
        let mut next = move |bound: u64| {
            random = random
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (random >> 33) % bound
        };
        let mut model = BTreeMap::new();
        let mut map = Map::new();
        for step in 0..60_000 {
            // Few keys and many, so that pieces are cut and vanish.
            let key = next(if step < 20_000 { 64 } else { 3_000 }).to_string();
            match next(6) {
                0 | 1 => assert_eq!(map.insert(key.clone(), step), model.insert(key, step)),
                2 => assert_eq!(map.remove(&key), model.remove(&key)),
                3 => assert_eq!(
                    map.or_insert_with(key.clone(), || step),
                    model.entry(key).or_insert(step)
                ),
                4 => assert_eq!(map.get_mut(&key), model.get_mut(&key)),
                _ if step % 700 == 0 => {
                    let (rest, expected) = (map.split_off(&key), model.split_off(&key));
                    assert!(rest.into_values().eq(expected.into_values()));
                }
                _ if step % 500 == 0 => {
                    map.retain(|_, value| *value % 3 != 0);
                    model.retain(|_, value| *value % 3 != 0);
                }
                _ => assert_eq!(map.get(&key), model.get(&key)),
            }
            assert_eq!(map.len(), model.len());
            if step % 100 == 0 {
                assert!(map.iter().eq(model.iter()), "{step}");
                assert!(map.iter().rev().eq(model.iter().rev()), "{step}");
            }
        }
        assert_eq!(map.values.len(), map.free.len() + map.len());
        assert!(map.values.len() <= 3_000, "places are used again");
        assert!(map.clone().into_iter().eq(model.clone()));
        for (from, to) in [
            ("3", "5"),
            ("1000", "1001"),
            ("0", "9999"),
            ("3", "3"),
            ("x", "y"),
        ] {
            let (from, to) = (from.to_string(), to.to_string());
            assert!(map.range(from.clone()..).eq(model.range(from.clone()..)));
            assert!(map.range(..to.clone()).eq(model.range(..to.clone())));
            let inclusive = from.clone()..=to.clone();
            assert!(
                map.range(inclusive.clone())
                    .rev()
                    .eq(model.range(inclusive).rev())
            );
            assert_eq!(
                map.first_from_mut(&from).map(|(k, _)| k.clone()),
                model.range(from.clone()..).next().map(|(k, _)| k.clone())
            );
            assert!(
                map.range(from.clone()..to.clone())
                    .eq(model.range(from..to))
            );
        }
        assert_eq!(map.last_key_value(), model.last_key_value());
        assert_eq!(map, model.into_iter().collect());
    }
}
