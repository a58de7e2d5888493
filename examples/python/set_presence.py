"""Sets a user's presence and shows what it is now.

    MGP_TOKEN=... python3 set_presence.py adele@contoso.com Busy InACall PT1H

MGP_BASE_URL, when set, is asked instead of Graph: an emulator on this machine, say. MGP_LIBRARY names libmgpresence
where the system does not find it.
"""

import os
import sys
from typing import Optional

from mgpresence import Client, PresenceError


def main(user: str, availability: str, activity: str, expiration: Optional[str] = None) -> None:
    with Client(os.environ.get("MGP_TOKEN", ""), base_url=os.environ.get("MGP_BASE_URL")) as client:
        client.set_presence(user, availability, activity, expiration=expiration)
        now = client.get_presence(user)
        print(f"{user} is now {now.availability}/{now.activity}")


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(f"usage: MGP_TOKEN=... {sys.argv[0]} user availability activity [duration]")
    try:
        main(*sys.argv[1:])
    except PresenceError as refusal:
        sys.exit(str(refusal))
