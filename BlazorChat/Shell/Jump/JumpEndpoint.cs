using System.Text.Json.Serialization;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common;

namespace BlazorChat.Shell.Jump;

/// <summary>What the scripts of a page ask when the person presses Ctrl+K: see <c>wwwroot/js/shell/jump.js</c>.</summary>
internal static class JumpEndpoint
{
    /// <summary>UTF-16 code units. No name is longer.</summary>
    private const int MaxText = 100;

    public static void MapJump(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/jump", GetAsync).RequireAuthorization().Admit(AdmissionKind.Request).ForPrograms();

    private static async Task<IResult> GetAsync(HttpContext context, string? q, JumpTargets targets)
    {
        if (q?.Length > MaxText)
            return TypedResults.BadRequest();
        try
        {
            var list = string.IsNullOrWhiteSpace(q)
                ? await targets.ListAsync(context.User, context.RequestAborted)
                : await targets.FindAsync(context.User, q, context.RequestAborted);
            return TypedResults.Json(list, JumpJson.Default.JumpList);
        }
        catch (RefusedException refused)
        {
            return TypedResults.StatusCode(refused.StatusCode);
        }
    }
}

[JsonSerializable(typeof(JumpList))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class JumpJson : JsonSerializerContext;
