using System.Text.Json;
using BlazorChat.Data;

namespace BlazorChat.Rooms;

internal static class Refusals
{
    extension(RefusedException refused)
    {
        /// <summary>The code in the words of docs/protocol.md: <c>not_found</c>.</summary>
        public string WireCode => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{refused.Code}");
    }
}
