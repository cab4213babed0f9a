"""WhatsApp: the Business Cloud API.

https://developers.facebook.com/docs/whatsapp/cloud-api
"""
