namespace BlazorChat.Liveblogs.Layout;

/// <summary>Endpoints that change nothing. HEAD is answered as GET; the server sends no body for it.</summary>
internal static class ReadEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder endpoints, string pattern, Delegate handler) =>
        endpoints.MapMethods(pattern, Methods, handler);
}
