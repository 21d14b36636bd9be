"""Pictures of the menu and of buttons, drawn on 16 by 16."""

ICONS = {
    "sources": (
        '<ellipse cx="8" cy="3.8" rx="5" ry="2"/>'
        '<path d="M3 3.8v8.4c0 1.1 2.2 2 5 2s5-.9 5-2V3.8M3 8c0 1.1 2.2 2 5 2s5-.9 5-2"/>'
    ),
    "board": '<path d="M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5H9z"/>',
    "reports": '<path d="M3.5 2h9v12h-9zM6 5.2h4M6 8h4M6 10.8h2"/>',
    "data": '<path d="M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M6.5 3v10"/>',
    "alerts": (
        '<path d="M8 2.2a3.8 3.8 0 0 0-3.8 3.8c0 3.6-1.5 4.7-1.5 5.4h10.6c0-.7-1.5-1.8-1.5-5.4A3.8 3.8 0 0 0 8 2.2z"/>'
        '<path d="M6.6 13.4a1.5 1.5 0 0 0 2.8 0"/>'
    ),
    "feeds": '<path d="M3 3a10 10 0 0 1 10 10M3 7a6 6 0 0 1 6 6"/><circle cx="4" cy="12" r="1.2"/>',
    "requests": '<path d="M2.5 13.5h11M4 11V8.5M8 11V3M12 11V6"/>',
    "installation": '<path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01M8 5h3M8 11h3"/>',
    "preferences": (
        '<path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6"/><circle cx="10" cy="4.5" r="1.7"/>'
        '<circle cx="5.7" cy="11.5" r="1.7"/>'
    ),
    "people": (
        '<circle cx="6" cy="5.2" r="2.4"/><path d="M1.8 13.2c0-2.6 1.9-4.2 4.2-4.2s4.2 1.6 4.2 4.2"/>'
        '<path d="M10.4 3.1a2.4 2.4 0 0 1 0 4.3M11.8 9.4c1.5.5 2.4 1.9 2.4 3.8"/>'
    ),
    "audit": '<path d="M3.5 2h9v12h-9zM6 5h4M6 8h1.5M6 11h1.5M9 9.7l1.2 1.3 2-2.6"/>',
    "sign-out": '<path d="M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3"/>',
    "links": (
        '<path d="M6.5 9.5l3-3M7 4.8l1.6-1.6a2.9 2.9 0 0 1 4.1 4.1L11.2 8.9M9 11.2l-1.6 1.6a2.9'
        ' 2.9 0 0 1-4.1-4.1L4.8 7.1"/>'
    ),
    "more": (
        '<g class="solid"><circle cx="3" cy="8" r="1.4"/><circle cx="8" cy="8" r="1.4"/>'
        '<circle cx="13" cy="8" r="1.4"/></g>'
    ),
    "switch": '<path d="M5 6.5L8 3.5l3 3M5 9.5l3 3 3-3"/>',
}
