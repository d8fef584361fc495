import type { Faker } from '@faker-js/faker';
import { faker as czech } from '@faker-js/faker/locale/cs_CZ';
import { faker as danish } from '@faker-js/faker/locale/da';
import { faker as german } from '@faker-js/faker/locale/de';
import { faker as british } from '@faker-js/faker/locale/en_GB';
import { faker as american } from '@faker-js/faker/locale/en_US';
import { faker as spanish } from '@faker-js/faker/locale/es';
import { faker as finnish } from '@faker-js/faker/locale/fi';
import { faker as french } from '@faker-js/faker/locale/fr';
import { faker as italian } from '@faker-js/faker/locale/it';
import { faker as japanese } from '@faker-js/faker/locale/ja';
import { faker as portuguese } from '@faker-js/faker/locale/pt_PT';
import { faker as swedish } from '@faker-js/faker/locale/sv';

/** The countries where customers live, with the faker locale of their names and addresses. */
export interface Country {
  name: string;
  faker: Faker;
  /** Format of a zipcode. Faker's own zipcodes are not always valid in the country. */
  zipcodes: readonly RegExp[];
  /** Whether faker has real towns. For other locales it would take American towns, so the town is invented. */
  realTowns: boolean;
}

/** Each locale is imported separately: all of faker would take several times the memory. */
export const countries: readonly Country[] = [
  { name: 'Germany', faker: german, zipcodes: [/[1-9][0-9]{4}/], realTowns: true },
  { name: 'France', faker: french, zipcodes: [/[1-8][0-9]{4}/], realTowns: true },
  { name: 'Italy', faker: italian, zipcodes: [/[1-8][0-9]{4}/], realTowns: true },
  { name: 'Spain', faker: spanish, zipcodes: [/0[1-9][0-9]{3}/, /[1-4][0-9]{4}/], realTowns: true },
  { name: 'Portugal', faker: portuguese, zipcodes: [/[1-9][0-9]{3}-[0-9]{3}/], realTowns: true },
  { name: 'Czechia', faker: czech, zipcodes: [/[1-7][0-9]{2} [0-9]{2}/], realTowns: true },
  { name: 'Denmark', faker: danish, zipcodes: [/[1-9][0-9]{3}/], realTowns: true },
  { name: 'Sweden', faker: swedish, zipcodes: [/[1-9][0-9]{2} [0-9]{2}/], realTowns: false },
  { name: 'Finland', faker: finnish, zipcodes: [/[1-9][0-9]{4}/], realTowns: true },
  {
    name: 'United Kingdom',
    faker: british,
    zipcodes: ['B', 'BS', 'CF', 'EH', 'G', 'LS', 'M', 'NE', 'OX', 'SA'].map(
      (area) => new RegExp(`${area}[1-9] [1-9][ABD-HJLNP-UW-Z]{2}`),
    ),
    realTowns: false,
  },
  { name: 'United States', faker: american, zipcodes: [/[1-9][0-9]{4}/], realTowns: true },
  { name: 'Japan', faker: japanese, zipcodes: [/[1-9][0-9]{2}-[0-9]{4}/], realTowns: false },
];
