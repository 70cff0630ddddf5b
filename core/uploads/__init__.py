"""Files that people send: received, checked, served (adr/0031). No insurance nouns: an app above says whose they are.

    rules       states, limits, and in words why a file is not taken
    services    accept_upload, attach_uploads, hand_over_uploads, withdraw_upload; what nobody attached is forgotten
    checking    a worker's round: the antivirus, then inspector, which starts `inspection` in a process of its own
    queries     the files of a collection, as their list shows them
    forms       FilesField and take_files, for a form with files among its fields
    lists       …with the addresses of the app above, for the tag {% file_list %}
    views       what a permission-checked view returns: the list, its stream, a file

A view of an app above: permission check → `accept_upload(…)` (or `take_files(form, …)`) → redirect. When what the files
belong to is sent for good, its service calls `attach_uploads(…)` in its own transaction.
"""
