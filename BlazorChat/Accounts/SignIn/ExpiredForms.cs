using System.Text;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace BlazorChat.Accounts.SignIn;

/// <summary>
/// Answers a form whose antiforgery token is not valid, because its page was open for long or its visitor has signed in again. The answer is
/// the current page with the sent values and one sentence, but without passwords, codes and files. Nothing is executed: the page is rendered
/// as for a GET, so a page that redirects signed-in visitors redirects them.
/// </summary>
internal static class ExpiredForms
{
    private const string Handler = "_handler";

    /// <summary>Adds the middleware. It comes after antiforgery.</summary>
    public static void UseExpiredForms(this WebApplication app) => app.Use(async (context, next) =>
    {
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (!isPage || context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            await next(context);
            return;
        }

        // An error page replaces the answer of another endpoint.
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            context.Features.Set<IAntiforgeryValidationFeature>(null);
            context.Request.Method = HttpMethods.Get;
            await next(context);
            return;
        }

        if (RequestOrigin.IsForeign(context.Request, context.RequestServices.GetRequiredService<Origins>()))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(AccountTexts.Get("ForeignRequest").ToString(), context.RequestAborted);
            return;
        }

        // While the feature is set, reading the form throws.
        context.Features.Set<IAntiforgeryValidationFeature>(null);
        var form = await ReadAsync(context);
        context.Request.Method = HttpMethods.Get;
        await RenderAsync(context, next, form);
    });

    /// <summary>The sent values; none when the body is not a valid form.</summary>
    private static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return FormCollection.Empty;
        }
    }

    private static async Task RenderAsync(HttpContext context, RequestDelegate next, IFormCollection form)
    {
        var response = context.Response;
        var body = response.Body;
        using var buffer = new MemoryStream();
        response.Body = buffer;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        buffer.Position = 0;
        if (response.StatusCode != StatusCodes.Status200OK || response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true)
        {
            await buffer.CopyToAsync(body, context.RequestAborted);
            return;
        }

        using var page = new HtmlParser().ParseDocument(buffer);
        FillIn(page, form);
        response.StatusCode = StatusCodes.Status400BadRequest;
        response.ContentLength = null;
        await body.WriteAsync(Encoding.UTF8.GetBytes(page.ToHtml()), context.RequestAborted);
    }

    private static void FillIn(IHtmlDocument page, IFormCollection sent)
    {
        var form = page.Forms.FirstOrDefault(form => !form.IsHidden && IsSameForm(form, sent));
        foreach (var field in form?.Elements ?? Enumerable.Empty<IHtmlElement>())
            FillIn(field, field.GetAttribute("name") is { Length: > 0 } name && sent.TryGetValue(name, out var values) ? values : default);

        var alert = page.CreateElement("p");
        alert.ClassName = "error";
        alert.SetAttribute("role", "alert");
        alert.TextContent = AccountTexts.Get("FormExpired").ToString();
        (form ?? page.QuerySelector("main") ?? page.Body!).Prepend(alert);
    }

    private static void FillIn(IHtmlElement field, StringValues values)
    {
        switch (field)
        {
            case IHtmlInputElement { Type: "checkbox" or "radio" } box:
                SetAttribute(box, "checked", values.Contains(box.Value, StringComparer.OrdinalIgnoreCase));
                break;
            case IHtmlInputElement { Type: "hidden" or "password" or "file" or "submit" or "button" }:
            case IHtmlInputElement { Autocomplete: "one-time-code" }:
                break;
            case IHtmlInputElement text when values.Count > 0:
                text.SetAttribute("value", values[0]);
                break;
            case IHtmlTextAreaElement text when values.Count > 0:
                text.TextContent = values[0]!;
                break;
            case IHtmlSelectElement list when values.Count > 0:
                foreach (var option in list.Options)
                    SetAttribute(option, "selected", values.Contains(option.Value));
                break;
        }
    }

    private static void SetAttribute(IElement element, string name, bool isSet)
    {
        if (isSet)
            element.SetAttribute(name, "");
        else
            element.RemoveAttribute(name);
    }

    /// <summary>Whether the hidden fields are those that were sent. They identify the row of a list.</summary>
    private static bool IsSameForm(IHtmlFormElement form, IFormCollection sent) => form.Elements.OfType<IHtmlInputElement>()
        .Where(field => field.Type == "hidden" && field.Value.Length > 0 && field.Name is not (null or "" or "__RequestVerificationToken"))
        .All(field => sent[field.Name!] == field.Value)
        && form.QuerySelector($"input[name={Handler}]") is not null;
}
