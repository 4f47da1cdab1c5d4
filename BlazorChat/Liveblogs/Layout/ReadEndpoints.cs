namespace BlazorChat.Liveblogs.Layout;

/// <summary>Maps endpoints that change nothing. HEAD is answered like GET; the server omits the body.</summary>
internal static class ReadEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder endpoints, string pattern, Delegate handler) =>
        endpoints.MapMethods(pattern, Methods, handler);
}
