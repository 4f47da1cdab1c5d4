using Microsoft.AspNetCore.StaticAssets;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// Adds an endpoint at <see cref="Path"/> to each node of the tests, which lists the route patterns that answer GET, one a line, without static
/// files.
/// </summary>
public static class EndpointList
{
    public const string Path = "/test/endpoints";

    public static void AddTo(IServiceCollection services) => services.AddSingleton<IStartupFilter, Filter>();

    private sealed class Filter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                if (context.Request.Path == Path)
                    await context.Response.WriteAsync(string.Join('\n', Find(context.RequestServices.GetRequiredService<EndpointDataSource>())));
                else
                    await rest(context);
            });
            next(app);
        };

        private static IEnumerable<string> Find(EndpointDataSource endpoints) => endpoints.Endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods.Count: > 0 } methods
                || methods.HttpMethods.Contains(HttpMethods.Get))
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Distinct();
    }
}
