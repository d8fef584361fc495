/** Ids beyond this are not counted by country; one byte is kept for every id below it. */
const highestId = 200_000_000;

/** Counts customers by country, with one byte a customer. */
export interface CustomerCountries {
  /** @param country `null` for a deleted customer */
  place(customerId: number, country: string | null): void;
  picture(): { total: number; countries: { country: string; customers: number }[] };
}

/** Countries beyond this many are counted together. */
const mostCountries = 250;
const otherCountries = 'elsewhere';

export function createCustomerCountries(): CustomerCountries {
  /** Index 0 stands for nowhere. */
  const names = [''];
  const counts = [0];
  const indexes = new Map<string, number>();
  let places = new Uint8Array(16_384);

  function indexOf(country: string): number {
    const known = indexes.get(country);
    if (known !== undefined) return known;
    if (names.length > mostCountries && country !== otherCountries) return indexOf(otherCountries);
    indexes.set(country, names.length);
    names.push(country);
    counts.push(0);
    return names.length - 1;
  }

  function makeRoomFor(id: number): void {
    if (id < places.length) return;
    const larger = new Uint8Array(Math.min(highestId, Math.max(places.length * 2, id + 1)));
    larger.set(places);
    places = larger;
  }

  return {
    place(customerId, country) {
      if (customerId < 0 || customerId >= highestId) return;
      makeRoomFor(customerId);
      const before = places[customerId] ?? 0;
      const after = country === null ? 0 : indexOf(country);
      places[customerId] = after;
      counts[before] = (counts[before] ?? 0) - 1;
      counts[after] = (counts[after] ?? 0) + 1;
    },
    picture() {
      const countries = names
        .map((country, index) => ({ country, customers: counts[index] ?? 0 }))
        .filter(({ country, customers }) => country !== '' && customers > 0)
        .sort((a, b) => b.customers - a.customers || a.country.localeCompare(b.country));
      return { total: countries.reduce((sum, { customers }) => sum + customers, 0), countries };
    },
  };
}
