using Microsoft.AspNetCore.Components.Endpoints;

namespace BlazorChat.Shell.Http;

/// <summary>
/// Answers HEAD on a page as GET. The page sees GET, so that it behaves the same; the server sees HEAD again when the response starts, and
/// sends no body.
/// </summary>
internal sealed class PageHead(RequestDelegate next)
{
    /// <summary>The framework maps pages for GET and POST alone.</summary>
    public static void Allow(EndpointBuilder page)
    {
        if (page.Metadata.OfType<ComponentTypeMetadata>().Any() && page.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods)
            page.Metadata.Add(new HttpMethodMetadata([.. methods.HttpMethods, HttpMethods.Head]));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(context);
            return;
        }

        context.Request.Method = HttpMethods.Get;
        context.Response.OnStarting(() =>
        {
            context.Request.Method = HttpMethods.Head;
            return Task.CompletedTask;
        });
        await next(context);
    }
}
