// ISO 4217 as it stands in 2026, the codes of money and of units of account; metals (XAU), testing (XTS)
// and "no currency" (XXX) are not money. Static on purpose: `Intl` says 0 digits for COP, HUF, IDR, IQD
// and others, and what a table says of a currency must not change with the Node that runs it.
const codesByDigits: ReadonlyMap<number, string> = new Map([
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
     CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ
     GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
     MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
     RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
     UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]);

/**
 * The digits of each currency's minor unit: EUR 2 (100 cents), JPY 0, KWD 3. A currency that is not
 * listed is refused. MGA and MRU are 2 although their minor unit is a fifth: that is how ISO counts them.
 */
export const minorUnitDigits: ReadonlyMap<string, number> = new Map(
  [...codesByDigits]
    .flatMap(([digits, codes]) =>
      codes.split(/\s+/).map((code): [string, number] => [code, digits]),
    )
    .toSorted(([one], [other]) => (one < other ? -1 : 1)),
);
