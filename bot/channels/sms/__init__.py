"""SMS through Twilio.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""
