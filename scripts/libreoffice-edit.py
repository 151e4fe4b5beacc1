"""Edits a spreadsheet in LibreOffice as somebody at the keyboard does, and saves it in the format of its name.

Usage: libreoffice-edit.py PIPE SOURCE TARGET FILTER EDITS

PIPE is the name of the pipe on which a running soffice accepts commands, SOURCE and TARGET are URLs, FILTER is
LibreOffice's name of the format with its options, if any, after a colon, and EDITS is JSON: an object of cells of the first sheet by their names, text
as strings and numbers as numbers.
"""

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connect(pipe, tries=100):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for attempt in range(tries):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if attempt == tries - 1:
                raise
            time.sleep(0.2)


def prop(name, value):
    return PropertyValue(Name=name, Value=value)


def main(pipe, source, target, filter_name, edits):
    context = connect(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(source, "_blank", 0, (prop("Hidden", True),))
    sheet = document.Sheets.getByIndex(0)
    for name, value in json.loads(edits).items():
        cell = sheet.getCellRangeByName(name)
        if isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(float(value))
    name, _, options = filter_name.partition(":")
    document.storeToURL(target, (prop("FilterName", name), prop("FilterOptions", options)))
    document.close(True)
    desktop.terminate()


main(*sys.argv[1:])
