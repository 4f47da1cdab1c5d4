using System.Text.Json;

namespace BlazorChat.Common;

/// <summary>Maps a refusal to what programs get: the code on the wire, the HTTP status and the retry delay.</summary>
internal static class RefusalResponse
{
    extension(RefusedException refused)
    {
        /// <summary>The code in docs/protocol.md: <c>not_found</c>.</summary>
        public string WireCode => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{refused.Code}");

        /// <summary>The value of <c>Retry-After</c>, in whole seconds, at least one; null when repeating the command cannot help.</summary>
        public int? RetryAfterSeconds => refused.RetryAfter is { } wait ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : null;

        /// <summary>The HTTP status.</summary>
        public int StatusCode => refused.Code switch
        {
            RefusalCode.NotFound => StatusCodes.Status404NotFound,
            RefusalCode.Forbidden => StatusCodes.Status403Forbidden,
            RefusalCode.Conflict or RefusalCode.Archived => StatusCodes.Status409Conflict,
            RefusalCode.Full => StatusCodes.Status507InsufficientStorage,
            RefusalCode.RateLimited => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };
    }
}
