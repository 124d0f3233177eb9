// The order in which jest takes the specs: those that take long first, so that no worker is left alone with one of them in the end.
// Without what it has measured before, as in a clean clone, jest itself goes by the size of the file, which says nothing here.
const { default: Sequencer } = require('@jest/test-sequencer');

/** From the longest: the proofs, the catalogue of bad input, what starts the apps, what needs servers, what needs nothing. */
const kinds = [/proofs\.e2e/, /bad-input\.e2e/, /\.e2e\.spec/, /\.int\.spec/];

const rankOf = ({ path }) => {
  const rank = kinds.findIndex((kind) => kind.test(path));
  return rank < 0 ? kinds.length : rank;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
  }
};
