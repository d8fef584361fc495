import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@shop/common';
import isPostalCode from 'validator/lib/isPostalCode.js';
import { countries } from '../../src/people/countries.ts';
import { createPeople } from '../../src/people/create-people.ts';

/** The code of each country in validator, which does not depend on faker. */
const codes = {
  Germany: 'DE',
  France: 'FR',
  Italy: 'IT',
  Spain: 'ES',
  Portugal: 'PT',
  Czechia: 'CZ',
  Denmark: 'DK',
  Sweden: 'SE',
  Finland: 'FI',
  'United Kingdom': 'GB',
  'United States': 'US',
  Japan: 'JP',
} as const;
const codeOf = (country: string) => {
  assert.ok(country in codes, `${country} has no code`);
  return codes[country as keyof typeof codes];
};

test('every country is chosen, with valid zipcodes', () => {
  const people = createPeople(createRandom(1));
  const seen = new Set<string>();
  for (let count = 0; count < 3_000; count += 1) {
    const { country, zipcode } = people.createPerson();
    seen.add(country);
    assert.ok(isPostalCode.default(zipcode, codeOf(country)), `${zipcode} is no zipcode of ${country}`);
  }
  assert.deepEqual([...seen].sort(), Object.keys(codes).sort());
});

test('every field has text, on one line', () => {
  const people = createPeople(createRandom(2));
  for (let count = 0; count < 2_000; count += 1) {
    for (const [field, text] of Object.entries(people.createPerson())) {
      assert.match(text, /^\S(.*\S)?$/, field);
      assert.ok(text.length <= 120, text);
      assert.ok(!/undefined|\{\{|\[object/.test(text), text);
    }
  }
});

test('the address ends with the town, and has a street before it', () => {
  const people = createPeople(createRandom(3));
  for (const { name, faker, realTowns } of countries) {
    const { address, country } = people.createAddress(name);
    assert.equal(country, name);
    const [, street, town] = /^(.+), ([^,]+)$/.exec(address) ?? [];
    assert.ok(street && town, address);
    if (realTowns) assert.ok(faker.rawDefinitions.location?.city_name?.includes(town), `${town} is not in ${name}`);
  }
});

test('no name, street or town is taken from another language', () => {
  const american = countries.find(({ name }) => name === 'United States')?.faker.rawDefinitions;
  assert.ok(american);
  const english = ['United States', 'United Kingdom'];
  for (const { name, faker, realTowns } of countries.filter((country) => !english.includes(country.name))) {
    const { person, location } = faker.rawDefinitions;
    assert.notEqual(person?.first_name, american.person?.first_name, name);
    assert.notEqual(person?.last_name, american.person?.last_name, name);
    assert.notEqual(location?.street_pattern, american.location?.street_pattern, name);
    // For a country without towns, faker falls back to English ones.
    if (realTowns) assert.notEqual(location?.city_name, american.location?.city_name, name);
    else assert.notEqual(location?.city_pattern, american.location?.city_pattern, name);
  }
});

test('a customer from an unknown country moves to a known one', () => {
  const people = createPeople(createRandom(4));
  assert.ok(people.createAddress('Atlantis').country in codes);
});

test('the same random numbers create the same people', () => {
  const make = (seed: number) => {
    const people = createPeople(createRandom(seed));
    return [people.createPerson(), people.createAddress('Japan'), people.createPerson()];
  };
  assert.deepEqual(make(5), make(5));
  assert.notDeepEqual(make(5), make(6));
});
