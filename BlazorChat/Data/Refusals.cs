using System.Text.Json;

namespace BlazorChat.Data;

/// <summary>How programs are told of a refusal.</summary>
internal static class Refusals
{
    extension(RefusedException refused)
    {
        /// <summary>The code in the words of docs/protocol.md: <c>not_found</c>.</summary>
        public string WireCode => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{refused.Code}");

        /// <summary>Of HTTP.</summary>
        public int StatusCode => refused.Code switch
        {
            RefusalCode.NotFound => StatusCodes.Status404NotFound,
            RefusalCode.Forbidden => StatusCodes.Status403Forbidden,
            RefusalCode.Conflict => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status400BadRequest,
        };
    }
}
