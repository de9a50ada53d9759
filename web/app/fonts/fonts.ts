/**
 * Geist and Geist Mono in two parts each: what nearly every page needs, which the page asks for at once, and the whole
 * font, which a browser fetches when it meets a letter that isn't in the first. 50 KB instead of 141 on every first visit.
 *
 * The parts are made of the package's files (fontTools 4; OFL, see LICENSE.txt):
 *   pyftsubset Geist-Variable.ttf --flavor=woff2 --layout-features+=ss01,cv11,tnum,zero --unicodes=<the first range below>
 */
import localFont from "next/font/local";

// next/font reads these calls, it doesn't run them: nothing in them can be a variable.
const geist = localFont({
  src: "./geist-latin.woff2",
  variable: "--font-geist-latin",
  weight: "100 900",
  adjustFontFallback: false,
});

const geistWhole = localFont({
  src: "../../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2",
  variable: "--font-geist-sans",
  weight: "100 900",
  preload: false,
  // All but the first part's, which are: U+0-FF, 131, 152-153, 2BB-2BC, 2C6, 2DA, 2DC, 304, 308, 329, 2000-206F, 20AC,
  // 2122, 2190-2193, 2212, 2215, FEFF, FFFD.
  declarations: [
    {
      prop: "unicode-range",
      value:
        "U+100-130, U+132-151, U+154-2BA, U+2BD-2C5, U+2C7-2D9, U+2DB, U+2DD-303, U+305-307, U+309-328, U+32A-1FFF, U+2070-20AB, U+20AD-2121, U+2123-218F, U+2194-2211, U+2213-2214, U+2216-FEFE, U+FF00-FFFC, U+FFFE-10FFFF",
    },
  ],
});

const geistMono = localFont({
  src: "./geist-mono-latin.woff2",
  variable: "--font-geist-mono-latin",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
});

const geistMonoWhole = localFont({
  src: "../../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: "unicode-range",
      value:
        "U+100-130, U+132-151, U+154-2BA, U+2BD-2C5, U+2C7-2D9, U+2DB, U+2DD-303, U+305-307, U+309-328, U+32A-1FFF, U+2070-20AB, U+20AD-2121, U+2123-218F, U+2194-2211, U+2213-2214, U+2216-FEFE, U+FF00-FFFC, U+FFFE-10FFFF",
    },
  ],
});

/** The classes that define the fonts' variables, which globals.css puts together. */
export const fontVariables = [geist, geistWhole, geistMono, geistMonoWhole].map(({ variable }) => variable).join(" ");
