// Imported first. In the POSIX locale Chromium's navigator.language is "en-US@posix", which Intl refuses with a RangeError;
// libraries pass it to Intl while they load.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { configurable: true, get: () => 'en' });
}
