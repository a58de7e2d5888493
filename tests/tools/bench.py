"""tools/bench: what its tables say about figures that are given. Nothing is measured."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools/bench"))
from table import Case, Comparison, Goal, table


def rows(unit, *cases, rounds=1):
    comparison = Comparison("calls", unit, list(cases), rounds=rounds)
    comparison.run()
    return table(comparison).splitlines()[2:]


def taking(*values):
    return iter(values).__next__


class Table(unittest.TestCase):
    def test_a_row_has_median_spread_and_ratio(self):
        ours, curl = rows("ms", Case("ours", taking(2, 1, 4)), Case("curl", taking(8, 3, 4)), rounds=3)
        self.assertEqual(ours, "| ours | 2 | 1 – 4 |  |  |")
        self.assertEqual(curl, "| curl | 4 | 3 – 8 | 0.50 |  |")

    def test_a_goal_is_reached_or_missed(self):
        for goal, said in [
            (Goal("≤", 0.5), "≤ 0.5 ×: reached"),
            (Goal("≤", 0.4), "≤ 0.4 ×: **missed**"),
            (Goal("≥", 0.5), "≥ 0.5 ×: reached"),
            (Goal("≤", -60, "difference"), "≤ -60: **missed** (-50)"),
            (Goal("≤", 50, "value"), "≤ 50: reached (50)"),
        ]:
            _, peer = rows("ms", Case("ours", taking(50)), Case("peer", taking(100), goal))
            self.assertEqual(peer, f"| peer | 100 | 100 – 100 | 0.50 | {said} |")

    def test_an_absent_peer_says_why(self):
        _, peer = rows("ms", Case("ours", taking(50)), Case("peer", absent="apt-get install peer"))
        self.assertEqual(peer, "| peer | absent: apt-get install peer | | | |")

    def test_without_ours_nothing_is_compared(self):
        ours, peer = rows("ms", Case("ours", absent="no compiler"), Case("peer", taking(1234.5), Goal("≤", 1)))
        self.assertEqual(ours, "| ours | absent: no compiler | | | |")
        self.assertEqual(peer, "| peer | 1,234 | 1,234 – 1,234 |  |  |")

    def test_the_programs_take_turns(self):
        order = []
        measure = lambda name: lambda: order.append(name) or 1
        rows("ms", Case("a", measure("a")), Case("b", measure("b")), rounds=3)
        self.assertEqual("".join(order), "abbaab")


unittest.main()
