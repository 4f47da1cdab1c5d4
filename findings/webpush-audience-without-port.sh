#!/usr/bin/env bash
# Lib.Net.Http.WebPush 3.3.1 on .NET 10, with a push service at a port that is not the default one.
#
# Expected: the audience of the VAPID token is the origin of the endpoint, which includes the port (RFC 8292, 2; RFC 6454,
# 6.2).
# Seen: the audience has no port, so that a service that checks it refuses the message.
#
# Needs: the .NET 10 SDK. Installs into a temporary folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > ask.cs <<'CS'
#:package Lib.Net.Http.WebPush@3.3.1
#:property PublishAot=false
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Lib.Net.Http.WebPush;
using Lib.Net.Http.WebPush.Authentication;

using var listener = new HttpListener();
var port = Random.Shared.Next(20_000, 30_000);
listener.Prefixes.Add($"http://127.0.0.1:{port}/");
listener.Start();
var receiving = ReceiveAsync();

using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
var parameters = key.ExportParameters(true);
var publicKey = Base64Url.EncodeToString([4, .. parameters.Q.X!, .. parameters.Q.Y!]);
var subscription = new PushSubscription { Endpoint = $"http://127.0.0.1:{port}/a" };
subscription.SetKey(PushEncryptionKeyName.P256DH, publicKey);
subscription.SetKey(PushEncryptionKeyName.Auth, Base64Url.EncodeToString(new byte[16]));
using var http = new HttpClient();
var client = new PushServiceClient(http)
{
    DefaultAuthentication = new VapidAuthentication(publicKey, Base64Url.EncodeToString(parameters.D!)),
};
await client.RequestPushMessageDeliveryAsync(subscription, new PushMessage("hello"));
var token = (await receiving).Split("t=")[1].Split('.')[1];
Console.WriteLine(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(",\"exp\"")[0]);

async Task<string> ReceiveAsync()
{
    var context = await listener.GetContextAsync();
    context.Response.StatusCode = 201;
    context.Response.Close();
    return context.Request.Headers["Authorization"]!;
}
CS
dotnet run ask.cs 2>/dev/null | tee seen
echo '{"aud":"http://127.0.0.1"' > expected
diff expected seen
