using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Notifications.Devices;

/// <summary>What scripts of a browser call about its subscription.</summary>
internal static class DeviceEndpoints
{
    private const string Path = "/account/devices";

    public static void MapDevices(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Path, RegisterAsync).RequireAuthorization().Admit(AdmissionKind.Request).DisableAntiforgery().ForPrograms();
        endpoints.MapGet($"{Path}/key", ReadKeyAsync).ForPrograms();
        endpoints.MapGet($"{Path}/current", FindAsync).RequireAuthorization().Admit(AdmissionKind.Request).ForPrograms();
    }

    /// <summary>A worker has no antiforgery token; its requests name their origin.</summary>
    private static async Task<IResult> RegisterAsync(HttpContext context, PushDevices devices, Origins origins)
    {
        if (!RequestOrigin.IsOurs(context.Request, origins))
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        if (PushSubscription.TryRead(await ReadAsync(context.Request, context.RequestAborted)) is not { } browser)
            return TypedResults.BadRequest();
        try
        {
            await devices.RegisterAsync(context.User, browser, context.RequestAborted);
            return TypedResults.NoContent();
        }
        catch (RefusedException refused)
        {
            return TypedResults.StatusCode(refused.StatusCode);
        }
    }

    /// <summary>The public key of this deployment, which a subscription names.</summary>
    private static async Task<IResult> ReadKeyAsync(VapidTokens tokens, CancellationToken cancellationToken) =>
        TypedResults.Text((await tokens.GetKeyAsync(cancellationToken)).PublicKey);

    /// <summary>The subscription of the session's browser, which compares it with its own: the device may have been removed elsewhere, or replaced.</summary>
    private static async Task<IResult> FindAsync(HttpContext context, PushDevices devices) =>
        TypedResults.Json(await devices.FindCurrentAsync(context.User, context.RequestAborted) is { } hash ? Convert.ToHexStringLower(hash) : "");

    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        var buffer = new char[PushSubscription.MaxLength + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return length <= PushSubscription.MaxLength ? new string(buffer, 0, length) : null;
    }
}
