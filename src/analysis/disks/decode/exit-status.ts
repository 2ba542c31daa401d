/** smartctl's exit status is a set of bits (smartctl(8), "EXIT STATUS"), of which most leave the data good. */
export interface ExitMeaning {
  /** Bits 0, 1: wrong use, or the device could not be opened or was asleep. */
  no_answer: boolean;
  /** Bit 2: some command failed or a checksum was wrong; what was read is still good. */
  partly: boolean;
  /** Bit 3: SMART status says "failing". */
  failing: boolean;
  /** Bit 4: a pre-failure attribute is at its threshold now. */
  at_threshold: boolean;
  /** Bits 5, 6, 7: it was at its threshold once, the error log or the self-test log has entries. All may be old. */
  past: boolean;
}

export const exitMeaning = (status: number): ExitMeaning => ({
  no_answer: (status & 0b11) !== 0,
  partly: (status & 0b100) !== 0,
  failing: (status & 0b1000) !== 0,
  at_threshold: (status & 0b1_0000) !== 0,
  past: (status & 0b1110_0000) !== 0,
});
