using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>Reads the body of a post: JSON, text, or either of them as <c>curl -d</c> sends it.</summary>
internal static class ApiBody
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const string FormField = "message=";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ApiRefusedException">The body is too long or malformed.</exception>
    public static async Task<ApiMessage> ReadAsync(HttpRequest request, int maxLength, CancellationToken cancellationToken)
    {
        var type = ReadType(request);
        var text = await ReadTextAsync(request, maxLength, cancellationToken);
        return type switch
        {
            MediaTypeNames.Application.Json => ParseJson(text, ApiFramesJson.Default.ApiMessage),
            // curl calls every text a form. Only one that begins with the field is parsed as a form.
            FormType when text.StartsWith(FormField, StringComparison.Ordinal) => ParseForm(text),
            _ => new ApiMessage(text, null),
        };
    }

    /// <summary>Reads a body that must be JSON.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<T> ReadJsonAsync<T>(HttpRequest request, int maxLength, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => ReadType(request) == MediaTypeNames.Application.Json
            ? ParseJson(await ReadTextAsync(request, maxLength, cancellationToken), type)
            : throw Unsupported("Post JSON in UTF-8.");

    private static string ReadType(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
            return MediaTypeNames.Text.Plain;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && (!type.Charset.HasValue || type.Encoding is UTF8Encoding))
        {
            var name = type.MediaType.ToString().ToLowerInvariant();
            if (name is MediaTypeNames.Application.Json or MediaTypeNames.Text.Plain or FormType)
                return name;
        }

        throw Unsupported("Post JSON, or text, in UTF-8.");
    }

    private static async Task<string> ReadTextAsync(HttpRequest request, int maxLength, CancellationToken cancellationToken)
    {
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = maxLength;
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            return Strict.GetString(body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        catch (BadHttpRequestException tooLong) when (tooLong.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new ApiRefusedException(tooLong.StatusCode, "too_large", $"A post has at most {maxLength} bytes.");
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("This is not UTF-8.");
        }
    }

    private static T ParseJson<T>(string text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(text, type) is { } body)
                return body;
        }
        catch (JsonException)
        {
            // The refusal below is the same as for null.
        }

        throw Malformed("This is not a JSON object with fields of the right types.");
    }

    private static ApiMessage ParseForm(string text)
    {
        var form = QueryHelpers.ParseQuery(text);
        if (!form.TryGetValue("client_message_id", out var id))
            return new ApiMessage(form["message"], null);
        return Guid.TryParse(id, out var clientMessageId)
            ? new ApiMessage(form["message"], clientMessageId)
            : throw Malformed("The field client_message_id is not a UUID.");
    }

    private static ApiRefusedException Unsupported(string reason) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_content", reason);

    private static ApiRefusedException Malformed(string reason) => new(StatusCodes.Status400BadRequest, "malformed", reason);
}
