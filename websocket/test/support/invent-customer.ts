export interface Customer {
  id: number;
  first_name: string;
  last_name: string;
  zipcode: string;
  country: string;
  address: string;
}

const countries = ['Germany', 'France', 'Japan', 'Brazil', 'Norway', 'Canada', 'Italy', 'Poland', 'Spain', 'Kenya'];
const firstNames = ['Ada', 'Björn', 'Chloé', 'Daisuke', 'Elif', 'Fatou', 'Grzegorz', 'Hana', 'Inês', 'Jürgen'];
const lastNames = ['Lovelace', 'Sørensen', 'Dubois', 'Tanaka', 'Yılmaz', 'Diop', 'Kowalski', 'Novák', 'Araújo', 'Weiß'];
const streets = ['Station Road', 'Rue de la Paix', 'Am Markt', 'Via Roma', 'Calle Mayor', 'Storgata', 'Rua Direita'];

const anyOf = (words: string[]) => words[Math.floor(Math.random() * words.length)] ?? '';

export function inventCustomer(id: number): Customer {
  const named = { id, first_name: anyOf(firstNames), last_name: anyOf(lastNames) };
  // The first countries have the most customers.
  const country = countries[Math.floor(Math.random() ** 2 * countries.length)] ?? '';
  return moveCustomer({ ...named, country, zipcode: '', address: '' });
}

/** The same customer at a new address in the same country. */
export function moveCustomer(customer: Customer): Customer {
  const zipcode = String(10_000 + Math.floor(Math.random() * 89_999));
  return { ...customer, zipcode, address: `${anyOf(streets)} ${1 + Math.floor(Math.random() * 200)}` };
}
