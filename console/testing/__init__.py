"""What authors of modules get for their tests: fixtures by a pytest plugin, and a contract to subclass.

``class TestOrders(ModuleContract): code = "orders"`` proves that the module keeps the rules; ``console.testing.plugin``
brings the fixtures ``console_app``, ``console_platform`` and ``console_vendor``.
"""

from console.testing.contract import ModuleContract
from console.testing.journeys import drained, make_vendor, switch
from console.testing.people import Program, Visitor, log_in, program

__all__ = ["ModuleContract", "Program", "Visitor", "drained", "log_in", "make_vendor", "program", "switch"]
