"""MiniStack, but for one thing: PutEvents takes events whose source begins with "aws.".

AWS and MiniStack refuse those from a caller. AWS's services send them themselves; MiniStack's do not, so the tests send them in their place.
"""

from ministack.app import main
from ministack.services import eventbridge

assert eventbridge._put_events.__defaults__ == (False,), "MiniStack's PutEvents has changed"
eventbridge._put_events.__defaults__ = (True,)

main()
