using System.Text.Json;

namespace BlazorChat.Common;

/// <summary>How programs are told of a refusal.</summary>
internal static class RefusalResponse
{
    extension(RefusedException refused)
    {
        /// <summary>The code in the words of docs/protocol.md: <c>not_found</c>.</summary>
        public string WireCode => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{refused.Code}");

        /// <summary>Whole seconds, at least one, as in <c>Retry-After</c>; null when repeating the command cannot help.</summary>
        public int? RetryAfterSeconds => refused.RetryAfter is { } wait ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : null;

        /// <summary>Of HTTP.</summary>
        public int StatusCode => refused.Code switch
        {
            RefusalCode.NotFound => StatusCodes.Status404NotFound,
            RefusalCode.Forbidden => StatusCodes.Status403Forbidden,
            RefusalCode.Conflict => StatusCodes.Status409Conflict,
            RefusalCode.Full => StatusCodes.Status507InsufficientStorage,
            RefusalCode.RateLimited => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };
    }
}
