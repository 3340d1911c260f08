"""Drawings of 24 × 24 with a stroke of 2, made for this product."""

from collections.abc import Mapping

ICONS: Mapping[str, str] = {
    "dot": '<circle cx="12" cy="12" r="3"/>',
    "home": '<path d="M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5"/>',
    "users": (
        '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.7-4 3.3-5.5 6.5-5.5s5.8 1.5 6.5 5.5M15.5 4.8a3.5'
        ' 3.5 0 0 1 0 6.4M17.5 14.9c2.2.6 3.6 2.2 4 5.1"/>'
    ),
    "building": '<path d="M3.5 20.5h17M5.5 20.5V5.5l8-2v17M13.5 9.5h5v11M8.5 8.5h2M8.5 12.5h2M8.5 16.5h2"/>',
    "list-check": '<path d="M3.5 6l1.5 1.5L8 4.5M3.5 13l1.5 1.5 3-3M3.5 20h4M11.5 6.5h9M11.5 13.5h9M11.5 20h9"/>',
    "list": '<path d="M8.5 6h12M8.5 12h12M8.5 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "sign-out": '<path d="M14 4.5H5.5v15H14M10.5 12H21M17.5 8.5L21 12l-3.5 3.5"/>',
    "language": '<circle cx="12" cy="12" r="9"/><path d="M3.5 12h17M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18"/>',
    "key": '<circle cx="7.5" cy="16.5" r="4"/><path d="M10.5 13.5L20 4M16 8l3 3"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
    "shield": '<path d="M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6zM9 12l2.2 2.2L15.5 10"/>',
    "phone": '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2"/>',
    "alert": '<path d="M12 4L2.5 20h19zM12 10v4.5M12 17.2h.01"/>',
    "check": '<path d="M4.5 12.5l5 5L19.5 7"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5h.01"/>',
    "question": (
        '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5c.2-1.6 1.2-2.3 2.5-2.3s2.5.9 2.5 2.2c0 2-2.5'
        ' 2.1-2.5 4.1M12 16.8h.01"/>'
    ),
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "split": '<path d="M12 20v-7M12 13L5.5 6.5M12 13l6.5-6.5M5 11V6h5M19 11V6h-5"/>',
    "minus": '<path d="M5 12h14"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "chevron-down": '<path d="M6 9.5l6 6 6-6"/>',
    "chevron-right": '<path d="M9.5 6l6 6-6 6"/>',
    "chevron-left": '<path d="M14.5 6l-6 6 6 6"/>',
    "arrow-right": '<path d="M4 12h16M14.5 6.5L20 12l-5.5 5.5"/>',
    "arrow-left": '<path d="M20 12H4M9.5 6.5L4 12l5.5 5.5"/>',
    "download": '<path d="M12 4v11M7.5 10.5L12 15l4.5-4.5M4.5 19.5h15"/>',
    "upload": '<path d="M12 16V5M7.5 9.5L12 5l4.5 4.5M4.5 19.5h15"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4.5V9h15v8H17M7 14h10v6.5H7z"/>',
    "edit": '<path d="M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5"/>',
    "file": '<path d="M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5"/>',
    "file-text": '<path d="M6 3.5h8l4.5 4.5v12.5H6zM13.5 3.5V8.5h5M9 12.5h6M9 16.5h6"/>',
    "chart": '<path d="M4 20.5h16.5M6.5 20v-7M12 20V5M17.5 20V9.5"/>',
    "target": '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="5"/><circle cx="12" cy="12" r="1"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="15" rx="2"/><path d="M4 10.5h16M8.5 3v4M15.5 3v4M8.5 15h2"/>',
    "money": (
        '<rect x="3" y="6.5" width="18" height="11.5" rx="2"/><circle cx="12" cy="12.2" r="2.5"/>'
        '<path d="M6.5 12.2h.01M17.5 12.2h.01"/>'
    ),
    "inbox": '<path d="M4 13.5l2.5-9h11l2.5 9v6H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20"/>',
    "send": '<path d="M20.5 3.5L10 14M20.5 3.5L14 20.5l-4-6.5-6.5-4z"/>',
    "flag": '<path d="M5.5 21V4.5c4-2.5 7 2 13 0v9.5c-6 2-9-2.5-13 0"/>',
    "eye": (
        '<path d="M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12z"/>'
        '<circle cx="12" cy="12" r="3"/>'
    ),
    "link": '<path d="M10 14l4-4M8.5 11L6 13.5a3.5 3.5 0 0 0 5 5l2-2M15.5 13l2.5-2.5a3.5 3.5 0 0 0-5-5l-2 2"/>',
    "message": '<path d="M4 5h16v11.5h-9L6.5 20.5v-4H4zM8 9h8M8 12.5h5"/>',
    "training": '<path d="M2.5 9.5L12 5l9.5 4.5L12 14zM6.5 11.5V17c3 2.3 8 2.3 11 0v-5.5M21.5 9.5V15"/>',
    "scale": (
        '<path d="M12 3.5v17M7.5 20.5h9M5 6.5h14M5 6.5L2.5 13a2.7 2.7 0 0 0 5 0zM19 6.5L16.5 13a2.7 2.7 0 0 0 5 0z"/>'
    ),
    "ruler": '<path d="M3 16.5L16.5 3 21 7.5 7.5 21zM7 12.5l2 2M10 9.5l1.5 1.5M13 6.5l2 2"/>',
    "certificate": (
        '<rect x="3.5" y="4" width="17" height="12" rx="2"/><path d="M7.5 8h9M7.5 11.5h3.5"/>'
        '<circle cx="16" cy="14.5" r="2.5"/><path d="M14.5 16.5V21l1.5-1 1.5 1v-4.5"/>'
    ),
    "trash": '<path d="M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l1 14h9l1-14M10.5 10.5v6M13.5 10.5v6"/>',
    "history": '<path d="M4 5v4.5h4.5M4.3 9.5a8.3 8.3 0 1 1-.6 4.5M12 8v4.5l3 2"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="2"/><path d="M15.5 8.5v-5h-12v12h5"/>',
    "table": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M3.5 9.5h17M3.5 14.5h17M9.5 9.5v10"/>',
    "share": (
        '<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="5.5" r="2.5"/>'
        '<circle cx="17.5" cy="18.5" r="2.5"/><path d="M8.2 10.8l7-4M8.2 13.2l7 4"/>'
    ),
    "external": '<path d="M13 4.5h6.5V11M19.5 4.5L10.5 13.5M9.5 5.5h-5v14h14v-5"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
}
