"""Facebook Messenger: the Messenger Platform.

https://developers.facebook.com/docs/messenger-platform
"""
