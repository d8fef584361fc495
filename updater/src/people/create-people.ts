import type { Random } from '@shop/common';
import { type Country, countries } from './countries.ts';

export interface Address {
  zipcode: string;
  country: string;
  /** Street, number and town on one line. */
  address: string;
}

/** A customer who has no id yet. */
export interface Person extends Address {
  first_name: string;
  last_name: string;
}

export interface People {
  /** A new customer: name, address and zipcode of one country. */
  createPerson(): Person;
  /** Another address in the same country, or in a random one if the country is not in the list. */
  createAddress(country: string): Address;
}

/** Invents people. The same `random` invents the same people. */
export function createPeople(random: Random): People {
  for (const { faker } of countries) faker.seed(random.integer(0, 2 ** 32 - 1));
  return {
    createPerson() {
      const country = random.pick(countries);
      // In some countries, a family name has one form for women and one for men.
      const sex = random.pick(['female', 'male'] as const);
      const { person } = country.faker;
      return { first_name: person.firstName(sex), last_name: person.lastName(sex), ...addressIn(country) };
    },
    createAddress(name) {
      return addressIn(countries.find((country) => country.name === name) ?? random.pick(countries));
    },
  };
}

function addressIn({ name, faker, zipcodes, realTowns }: Country): Address {
  const towns = realTowns ? faker.rawDefinitions.location?.city_name : undefined;
  const town = towns ? faker.helpers.arrayElement(towns) : faker.location.city();
  return {
    zipcode: faker.helpers.fromRegExp(faker.helpers.arrayElement(zipcodes)),
    country: name,
    address: `${faker.location.streetAddress()}, ${town}`,
  };
}
