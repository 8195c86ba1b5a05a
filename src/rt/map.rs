//! An ordered map for a small module: what the standard library's would be, but with one tree for all
//! types of values.
//!
//! `BTreeMap` costs 5 to 12 KB of wasm for every pair of types it is used with, and this SDK has
//! thirty; that was a quarter of the module. Here the tree holds positions, and the values lie in a
//! vector, so that only a few lines are compiled anew for each type.
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, RangeBounds};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A map ordered by key. Looking up, inserting and removing take logarithmic time.
#[derive(Clone)]
pub struct Map<K, V> {
    /// Where the value of a key lies.
    index: BTreeMap<K, u32>,
    /// Values; places of removed ones are empty until they are used again.
    values: Vec<Option<V>>,
    /// Empty places.
    free: Vec<u32>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self {
            index: BTreeMap::new(),
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
        self.index.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Whether there is a value for the key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.index.contains_key(key)
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.at(*self.index.get(key)?)
    }

    /// The value of a key, to change.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = *self.index.get(key)?;
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

    /// Takes out what `keep` does not want. In no order.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let (values, free) = (&mut self.values, &mut self.free);
        self.index.retain(|key, place| {
            let value = &mut values[*place as usize];
            let kept = value.as_mut().is_some_and(|value| keep(key, value));
            if !kept {
                value.take();
                free.push(*place);
            }
            kept
        });
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// All pairs by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.range(..)
    }

    /// Pairs of a range of keys.
    pub fn range<R: RangeBounds<K>>(&self, range: R) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let pairs = self.index.range(range);
        pairs.filter_map(|(key, place)| Some((key, self.at(*place)?)))
    }

    /// All keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.index.keys()
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
        for (key, place) in self.index.split_off(key) {
            self.free.push(place);
            if let Some(value) = self.values[place as usize].take() {
                rest.insert(key, value);
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
        let (values, free) = (&mut self.values, &mut self.free);
        let place = self.index.entry(key).or_insert_with(|| {
            free.pop().unwrap_or_else(|| {
                values.push(None);
                values.len() as u32 - 1
            })
        });
        *place as usize
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

/// Pairs by key, owned.
pub struct IntoIter<K, V> {
    index: std::collections::btree_map::IntoIter<K, u32>,
    values: Vec<Option<V>>,
}

impl<K, V> Iterator for IntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let (key, place) = self.index.next()?;
        let value = self.values.get_mut(place as usize)?.take()?;
        Some((key, value))
    }
}

impl<K: Ord, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        IntoIter {
            index: self.index.into_iter(),
            values: self.values,
        }
    }
}

impl<'m, K: Ord, V> IntoIterator for &'m Map<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = Box<dyn Iterator<Item = (&'m K, &'m V)> + 'm>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
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

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for MapVisitor<K, V> {
    type Value = Map<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Map<K, V>, A::Error> {
        let mut map = Map::new();
        while let Some((key, value)) = pairs.next_entry()? {
            map.insert(key, value);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
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
        for step in 0..20_000 {
            let key = next(64).to_string();
            match next(6) {
                0 | 1 => assert_eq!(map.insert(key.clone(), step), model.insert(key, step)),
                2 => assert_eq!(map.remove(&key), model.remove(&key)),
                3 => assert_eq!(
                    map.or_insert_with(key.clone(), || step),
                    model.entry(key).or_insert(step)
                ),
                4 => assert_eq!(map.get_mut(&key), model.get_mut(&key)),
                _ if step % 70 == 0 => {
                    let (rest, expected) = (map.split_off(&key), model.split_off(&key));
                    assert!(rest.into_values().eq(expected.into_values()));
                }
                _ if step % 50 == 0 => {
                    map.retain(|_, value| *value % 3 != 0);
                    model.retain(|_, value| *value % 3 != 0);
                }
                _ => assert_eq!(map.get(&key), model.get(&key)),
            }
            assert_eq!(map.len(), model.len());
            assert!(map.iter().eq(model.iter()), "{step}");
        }
        assert!(
            map.values.len() <= 64,
            "places of removed values are used again"
        );
        assert!(map.clone().into_iter().eq(model.clone()));
        assert!(
            map.range("3".to_string()..)
                .eq(model.range("3".to_string()..))
        );
        assert_eq!(map.last_key_value(), model.last_key_value());
        assert_eq!(map, model.into_iter().collect());
    }
}
