using BlazorChat.Common;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>The exception for a refused call, whose message is <c>code: reason</c>.</summary>
internal static class HubRefusal
{
    public static HubException Create(string code, string reason) => new($"{code}: {reason}");

    public static HubException Create(RefusedException refused) => Create(refused.WireCode, refused.Message);
}
