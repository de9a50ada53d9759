/** Values that a careless writer of `.env` loses, for the tests that hold Node's and Compose's reading against each other. */
export const ODD: Record<string, string> = {
  SPACES: " a b # c ",
  DOLLAR: "a$b${c}$$",
  QUOTE: "it's #1",
  QUOTES: '"x" `y`',
  BACKSLASH: "a\\nb",
  JSON: '{"a": [1]}',
};
