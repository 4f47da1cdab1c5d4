using System.Text.Json.Serialization;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Data;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace BlazorChat.Attachments;

/// <summary>What an uploader is told of an attachment that is kept.</summary>
internal sealed record UploadReceipt(Guid Id, string Name, string ContentType, long Size, int Width, int Height, string Preview, bool IsPicture)
{
    public static UploadReceipt From(AttachmentView attachment) => new(
        attachment.Id,
        attachment.Name,
        attachment.ContentType,
        attachment.Size,
        attachment.Width,
        attachment.Height,
        attachment.Preview,
        attachment.IsPicture);
}

[JsonSerializable(typeof(UploadReceipt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class UploadJson : JsonSerializerContext;

/// <summary>The doors for files: putting one up, taking it back, and reading it. See docs/protocol.md.</summary>
internal static partial class AttachmentEndpoints
{
    private const string RetryAfter = "1";

    public static void MapAttachmentFiles(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPut("/attachments/{id:guid}", UploadAsync).RequireAuthorization().Admit(AdmissionKind.Request).ForPrograms();
        endpoints.MapDelete("/attachments/{id:guid}", DiscardAsync).RequireAuthorization().ForPrograms();
        endpoints.MapMethods("/attachments/{id:guid}", [HttpMethods.Get, HttpMethods.Head], ServeFileAsync).WithMetadata(new ServesFilesAttribute()).ForPrograms();
        endpoints.MapMethods("/attachments/{id:guid}/{width:int}", [HttpMethods.Get, HttpMethods.Head], ServeThumbnailAsync).WithMetadata(new ServesFilesAttribute()).ForPrograms();
    }

    private static async Task<IResult> UploadAsync(
        HttpContext context, Guid id, string? place, int? placeId, string? name, AttachmentUploads uploads, UploadLimit limit, Origins origins,
        ILogger<AttachmentUploads> logger)
    {
        if (!origins.Allows(context.Request))
            return Error(StatusCodes.Status403Forbidden, "forbidden", "This page may not upload here.");
        if (!Enum.TryParse<AttachmentPlace>(place, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || placeId is null)
            return Error(StatusCodes.Status400BadRequest, "missing_field", "Say where it belongs: place and placeId.");
        var maxSize = uploads.MaxSizeOf(kind);
        if (context.Request.ContentLength > maxSize)
            return TooLarge(maxSize);
        using var entry = limit.TryEnter(context.User.UserId);
        if (entry is null)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
            return Error(StatusCodes.Status429TooManyRequests, "rate_limited", $"At most {UploadLimit.MaxAtOnce} uploads at once.");
        }

        // The store counts for itself, and says in our words that there is more.
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        try
        {
            var upload = new Upload(id, kind, placeId.Value, name ?? "");
            return TypedResults.Json(
                UploadReceipt.From(await uploads.ReceiveAsync(context.User, upload, context.Request.Body, context.RequestAborted)),
                UploadJson.Default.UploadReceipt);
        }
        catch (ContentTooLongException)
        {
            return TooLarge(maxSize);
        }
        catch (RefusedException refused)
        {
            return Refused(refused);
        }
        catch (BadHttpRequestException brokenOff)
        {
            // The uploader has gone: that is no error of this node.
            return Error(brokenOff.StatusCode, "interrupted", "The upload broke off: upload it again.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            LogNotKept(logger, exception, id);
            return Error(StatusCodes.Status500InternalServerError, "failed", "The file could not be kept: upload it again.");
        }
    }

    private static async Task<IResult> DiscardAsync(HttpContext context, Guid id, AttachmentUploads uploads, Origins origins)
    {
        if (!origins.Allows(context.Request))
            return Error(StatusCodes.Status403Forbidden, "forbidden", "This page may not do this here.");
        try
        {
            await uploads.DiscardAsync(context.User, id, context.RequestAborted);
            return TypedResults.NoContent();
        }
        catch (RefusedException refused)
        {
            return Refused(refused);
        }
    }

    private static Task<IResult> ServeFileAsync(HttpContext context, Guid id, AttachmentFiles files) => ServeAsync(context, id, null, files);

    private static async Task<IResult> ServeThumbnailAsync(HttpContext context, Guid id, int width, AttachmentFiles files) =>
        ThumbnailSize.Find(width) is { } size ? await ServeAsync(context, id, size, files) : TypedResults.NotFound();

    private static async Task<IResult> ServeAsync(HttpContext context, Guid id, ThumbnailSize? size, AttachmentFiles files)
    {
        if (await files.OpenAsync(context.User, id, size, context.RequestAborted) is not { } file)
            return TypedResults.NotFound();
        var headers = context.Response.Headers;
        headers.CacheControl = $"{(file.IsForEverybody ? "public" : "private")}, max-age=31536000, immutable";
        var disposition = new ContentDispositionHeaderValue(file.IsShown ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        return TypedResults.Stream(
            file.Content, file.ContentType, entityTag: new EntityTagHeaderValue($"\"{file.Tag}\""), enableRangeProcessing: true);
    }

    private static JsonHttpResult<ErrorFrame> Refused(RefusedException refused) => Error(refused.StatusCode, refused.WireCode, refused.Message);

    private static JsonHttpResult<ErrorFrame> TooLarge(long maxSize) => Error(
        StatusCodes.Status413PayloadTooLarge, "too_large", $"A file has at most {FileSize.Format(maxSize)}.");

    private static JsonHttpResult<ErrorFrame> Error(int status, string code, string message) =>
        TypedResults.Json(new ErrorFrame(code, message), ErrorFrameJson.Default.ErrorFrame, statusCode: status);

    [LoggerMessage(1, LogLevel.Error, "Attachment {AttachmentId} could not be kept")]
    private static partial void LogNotKept(ILogger logger, Exception exception, Guid attachmentId);
}
