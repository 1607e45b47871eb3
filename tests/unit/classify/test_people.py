"""How Vietnamese papers name people, their numbers and telephones: each way that we know, in rows of our own."""

from __future__ import annotations

import pytest

from classify.fields import extract
from classify.normalise import normalise
from classify.rules import load_rules
from tests.readings import reading

RULES = load_rules()
AROUND = "những điều ghi trong giấy này là đúng sự thật, nếu sai thì người ghi xin chịu trách nhiệm trước pháp luật;"

WAYS = [
    ("DON", "Tôi là: Nguyễn Thị Lành, sinh năm 1970", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Kính gửi: UBND xã Yên Lậm\nTôi tên là Nguyễn Thị Lành, sinh năm 1970", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Tên tôi là: NGUYỄN THỊ LÀNH    Nam/nữ: nữ", "ho_ten", "NGUYỄN THỊ LÀNH"),
    ("DON", "Họ và tên người viết đơn: Nguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Người đứng đơn: bà Nguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Em tên là Nguyễn Thị Lành, học sinh lớp 9A", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Tôi ký tên dưới đây là Nguyễn Thị Lành hiện ngụ tại ấp Tân Lợi", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Chúng tôi gồm: Nguyễn Thị Lành, sinh năm 1970 và Lê Bá Kiên", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Họ tên: Nguyễn Thị Lành - Sinh năm: 1970 - CCCD: 099170001234", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Công dân: Nguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Tôi: Nguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Nội dung đơn\nNGƯỜI KIẾN NGHỊ\n(ký, ghi rõ họ tên)\nNguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Nội dung đơn\nNGƯỜI XIN CẤP\nNguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("DON", "Nội dung đơn\nNgười trình bày\nNguyễn Thị Lành", "ho_ten", "Nguyễn Thị Lành"),
    ("GIAY_KHAI_SINH", "Họ và tên: LÊ BÁ KIÊN    Nam, nữ: Nam", "ho_ten", "LÊ BÁ KIÊN"),
    ("GIAY_KHAI_SINH", "Họ, tên đứa trẻ: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_KHAI_SINH", "Họ và tên trẻ em\nLê Bá Kiên\nHọ và tên cha: Lê Bá Toàn", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_KHAI_SINH", "Tên họ ấu nhi: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("TRICH_LUC_KHAI_SINH", "Họ, chữ đệm, tên:   LÊ BÁ KIÊN", "ho_ten", "LÊ BÁ KIÊN"),
    ("TRICH_LUC_KHAI_SINH", "Tên họ đương sự: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("TRICH_LUC_KHAI_TU", "Họ tên người quá cố: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("TRICH_LUC_KHAI_TU", "Người đã mất\nHọ và tên   Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_BAO_TU", "Ông/bà: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_BAO_TU", "Thương tiếc báo tin: đồng chí Lê Bá Kiên, sinh năm 1970", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_BAO_TU", "Xác nhận bệnh nhân: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_BAO_TU", "Trạm Y tế xác nhận cụ Lê Bá Kiên, sinh năm 1930", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_CHUNG_SINH", "Họ và tên mẹ (sản phụ): Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("GIAY_CHUNG_SINH", "Sản phụ: Bùi Thị Hoa    Tuổi: 30", "ho_ten", "Bùi Thị Hoa"),
    ("GIAY_CHUNG_SINH", "Chứng nhận bà: Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("GIAY_CHUNG_SINH", "Tên người mẹ: Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("XAC_NHAN_TINH_TRANG_HON_NHAN", "UBND xã Yên Lậm xác nhận\nÔng/bà   LÊ BÁ KIÊN", "ho_ten", "LÊ BÁ KIÊN"),
    ("XAC_NHAN_TINH_TRANG_HON_NHAN", "Xác nhận anh Lê Bá Kiên, sinh ngày 01/02/1980", "ho_ten", "Lê Bá Kiên"),
    ("XAC_NHAN_TINH_TRANG_HON_NHAN", "Nay xác nhận: Lê Bá Kiên\nSinh ngày 01/02/1980", "ho_ten", "Lê Bá Kiên"),
    (
        "TO_KHAI_HO_TICH",
        "Họ tên người khai: Bùi Thị Hoa\nHọ tên người được khai sinh: Lê Bá Kiên",
        "ho_ten",
        "Bùi Thị Hoa",
    ),
    ("TO_KHAI_HO_TICH", "Người đi khai: Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("TO_KHAI_HO_TICH", "I. THÔNG TIN NGƯỜI YÊU CẦU\nHọ tên:   BÙI THỊ HOA", "ho_ten", "BÙI THỊ HOA"),
    (
        "DON_DANG_KY_DAT_DAI",
        "1. Người sử dụng đất: Ông Lê Bá Kiên, sinh năm 1970, và vợ là bà Bùi Thị Hoa",
        "ho_ten_2",
        "Bùi Thị Hoa",
    ),
    ("DON_DANG_KY_DAT_DAI", "Tên chủ sử dụng đất: Lê Bá Kiên - Bùi Thị Hoa", "ho_ten", "Lê Bá Kiên"),
    ("DON_DANG_KY_DAT_DAI", "Hộ ông: Lê Bá Kiên; vợ: Bùi Thị Hoa", "ho_ten_2", "Bùi Thị Hoa"),
    ("DON_DANG_KY_BIEN_DONG", "Chủ đất: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GCN_QSDD", "Chứng nhận: Hộ ông Lê Bá Kiên\nNăm sinh: 1950", "ho_ten", "Lê Bá Kiên"),
    ("GCN_QSDD", "Hộ gia đình bà Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("GCN_QSDD", "Được quyền sử dụng đất\nHọ và tên chủ hộ: Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("GIAY_PHEP_XAY_DUNG", "1. Cấp cho: Ông (bà) Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_PHEP_XAY_DUNG", "Chủ công trình: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_PHEP_XAY_DUNG", "Cho phép ông Lê Bá Kiên được xây dựng nhà ở", "ho_ten", "Lê Bá Kiên"),
    ("GCN_DANG_KY_HO_KINH_DOANH", "Họ và tên cá nhân đại diện: LÊ BÁ KIÊN", "ho_ten", "LÊ BÁ KIÊN"),
    ("GCN_DANG_KY_HO_KINH_DOANH", "Người đăng ký: LÊ BÁ KIÊN", "ho_ten", "LÊ BÁ KIÊN"),
    ("TO_KHAI_LPTB", "Chủ phương tiện: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("TO_KHAI_LPTB", "[04] Tên người nộp thuế: LÊ BÁ KIÊN", "ho_ten", "LÊ BÁ KIÊN"),
    ("GIAY_TIEP_NHAN_HEN_TRA", "Đã tiếp nhận hồ sơ của ông/bà: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_TIEP_NHAN_HEN_TRA", "Họ tên người nộp   Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_TIEP_NHAN_HEN_TRA", "Nhận của: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_TIEP_NHAN_HEN_TRA", "Chủ hồ sơ\nLÊ BÁ KIÊN", "ho_ten", "LÊ BÁ KIÊN"),
    ("QUYET_DINH", "Điều 1. Nâng bậc lương cho đồng chí Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("QUYET_DINH", "Điều 1. Xử phạt vi phạm hành chính đối với ông Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    ("QUYET_DINH", "Điều 1. Công nhận hộ ông Lê Bá Kiên là hộ nghèo", "ho_ten", "Lê Bá Kiên"),
    ("QUYET_DINH", "Điều 1. Bổ nhiệm ông Lê Bá Kiên giữ chức vụ trưởng thôn", "ho_ten", "Lê Bá Kiên"),
    ("THONG_BAO", "Thông báo cho ông Lê Bá Kiên được biết", "ho_ten", "Lê Bá Kiên"),
    ("BIEN_BAN", "Đại diện: Ông Trần Văn Mạnh, công chức\nNgười vi phạm: Lê Bá Kiên", "ho_ten", "Lê Bá Kiên"),
    (
        "BIEN_BAN",
        "Ông Trần Văn Mạnh - Cán bộ địa chính\nTiến hành kiểm tra đối với hộ ông Lê Bá Kiên",
        "ho_ten",
        "Lê Bá Kiên",
    ),
    ("VAN_BAN_THUA_KE", "Người để lại di sản: Cụ Lê Bá Kiên, chết ngày 01/02/2010", "ho_ten", "Lê Bá Kiên"),
    ("VAN_BAN_THUA_KE", "Di sản của bố chúng tôi là ông Lê Bá Kiên (đã chết năm 2010)", "ho_ten", "Lê Bá Kiên"),
    ("VAN_BAN_THUA_KE", "Bố chúng tôi: Lê Bá Kiên, qua đời ngày 01/02/2010", "ho_ten", "Lê Bá Kiên"),
    ("VAN_BAN_THUA_KE", "là con của cụ ông Lê Bá Kiên đã từ trần ngày 01/02/2010", "ho_ten", "Lê Bá Kiên"),
    ("GIAY_CHUNG_NHAN_KET_HON", "Thông tin   Chồng   Vợ\nHọ tên   LÊ BÁ KIÊN   BÙI THỊ HOA", "ho_ten", "BÙI THỊ HOA"),
    ("GIAY_CHUNG_NHAN_KET_HON", "BÊN NAM   BÊN NỮ\nHọ tên: LÊ BÁ KIÊN   Họ tên: BÙI THỊ HOA", "ho_ten_2", "LÊ BÁ KIÊN"),
    (
        "GIAY_CHUNG_NHAN_KET_HON",
        "Người chồng   Người vợ\nHọ và tên   Họ và tên\nLê Bá Kiên   Bùi Thị Hoa",
        "ho_ten",
        "Bùi Thị Hoa",
    ),
    ("GIAY_CHUNG_NHAN_KET_HON", "Anh: Lê Bá Kiên   Chị: Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("GIAY_CHUNG_NHAN_KET_HON", "Anh: Lê Bá Kiên\nSinh ngày 01/02/1980\nvà chị: Bùi Thị Hoa", "ho_ten_2", "Lê Bá Kiên"),
    ("GIAY_CHUNG_NHAN_KET_HON", "Ông: Lê Bá Kiên\nBà: Bùi Thị Hoa", "ho_ten", "Bùi Thị Hoa"),
    ("GIAY_CHUNG_NHAN_KET_HON", "Họ và tên vợ   BÙI THỊ HOA\nHọ và tên chồng   LÊ BÁ KIÊN", "ho_ten_2", "LÊ BÁ KIÊN"),
    (
        "GIAY_CHUNG_NHAN_KET_HON",
        "1. Vợ\nHọ và tên: BÙI THỊ HOA\n2. Chồng\nHọ và tên: LÊ BÁ KIÊN",
        "ho_ten_2",
        "LÊ BÁ KIÊN",
    ),
    (
        "GIAY_CHUNG_NHAN_KET_HON",
        "Tên họ người chồng: Lê Bá Kiên\nTên họ người vợ: Bùi Thị Hoa",
        "ho_ten",
        "Bùi Thị Hoa",
    ),
    (
        "TRICH_LUC_KET_HON",
        "Họ, chữ đệm, tên chồng\nLÊ BÁ KIÊN\nHọ, chữ đệm, tên vợ\nBÙI THỊ HOA",
        "ho_ten",
        "BÙI THỊ HOA",
    ),
    ("TRICH_LUC_KET_HON", "Vợ: BÙI THỊ HOA\nChồng: LÊ BÁ KIÊN", "ho_ten_2", "LÊ BÁ KIÊN"),
    ("HOP_DONG_CHUYEN_NHUONG", "Bên bán: Ông Lê Bá Kiên\nBên mua: Bà Bùi Thị Hoa", "ben_a", "Lê Bá Kiên"),
    ("HOP_DONG_CHUYEN_NHUONG", "Bên bán: Ông Lê Bá Kiên\nBên mua: Bà Bùi Thị Hoa", "ben_b", "Bùi Thị Hoa"),
    (
        "HOP_DONG_CHUYEN_NHUONG",
        "Người chuyển nhượng\nHọ tên: Lê Bá Kiên\nNgười nhận chuyển nhượng\nHọ tên: Bùi Thị Hoa",
        "ben_a",
        "Lê Bá Kiên",
    ),
    (
        "HOP_DONG_CHUYEN_NHUONG",
        "Người chuyển nhượng\nHọ tên: Lê Bá Kiên\nNgười nhận chuyển nhượng\nHọ tên: Bùi Thị Hoa",
        "ben_b",
        "Bùi Thị Hoa",
    ),
    (
        "HOP_DONG_CHUYEN_NHUONG",
        "Giữa: ông Lê Bá Kiên (gọi là Bên A)\nVà: bà Bùi Thị Hoa (gọi là Bên B)",
        "ben_a",
        "Lê Bá Kiên",
    ),
    (
        "HOP_DONG_CHUYEN_NHUONG",
        "Giữa: ông Lê Bá Kiên (gọi là Bên A)\nVà: bà Bùi Thị Hoa (gọi là Bên B)",
        "ben_b",
        "Bùi Thị Hoa",
    ),
    ("HOP_DONG_CHUYEN_NHUONG", "BÊN NHƯỢNG (A): Lê Bá Kiên\nBÊN NHẬN (B): Bùi Thị Hoa", "ben_b", "Bùi Thị Hoa"),
    ("HOP_DONG_CHUYEN_NHUONG", "Thông tin   Bên A   Bên B\nÔng/bà   Lê Bá Kiên   Bùi Thị Hoa", "ben_b", "Bùi Thị Hoa"),
    ("HOP_DONG_TANG_CHO", "Người cho đất: Lê Bá Kiên\nNgười được cho: Bùi Thị Hoa", "ben_a", "Lê Bá Kiên"),
    ("HOP_DONG_TANG_CHO", "Người cho đất: Lê Bá Kiên\nNgười được cho: Bùi Thị Hoa", "ben_b", "Bùi Thị Hoa"),
    (
        "HOP_DONG_TANG_CHO",
        "A. BÊN TẶNG CHO\n1) Lê Bá Kiên, sinh năm 1950\nB. BÊN NHẬN\n1) Bùi Thị Hoa, sinh năm 1980\nĐiều 1",
        "ben_a",
        "Lê Bá Kiên",
    ),
    ("GIAY_UY_QUYEN", "Tôi là Lê Bá Kiên\nNay ủy quyền cho: Bùi Thị Hoa", "ben_b", "Bùi Thị Hoa"),
    ("GIAY_UY_QUYEN", "1. Bên giao ủy quyền: Lê Bá Kiên\n2. Bên nhận ủy quyền: Bùi Thị Hoa", "ben_a", "Lê Bá Kiên"),
    ("GIAY_UY_QUYEN", "Người nhờ: Lê Bá Kiên\nNgười được nhờ: Bùi Thị Hoa", "ben_a", "Lê Bá Kiên"),
    ("GIAY_UY_QUYEN", "Người nhờ: Lê Bá Kiên\nNgười được nhờ: Bùi Thị Hoa", "ben_b", "Bùi Thị Hoa"),
    (
        "GIAY_UY_QUYEN",
        "Đồng ý để con tôi là Bùi Thị Hoa nhận thay\nNGƯỜI ỦY QUYỀN   NGƯỜI NHẬN ỦY QUYỀN\nLê Bá Kiên   Bùi Thị Hoa",
        "ben_b",
        "Bùi Thị Hoa",
    ),
    ("DON", "Họ tên: Lê Bá Kiên\nCăn cước số 099070001234 cấp ngày 01/02/2022", "so_dinh_danh", "099070001234"),
    ("DON", "Thẻ CC số: 099070001234", "so_dinh_danh", "099070001234"),
    ("DON", "CMND/CCCD/Hộ chiếu số:\n099070001234", "so_dinh_danh", "099070001234"),
    ("DON", "Số CC/CCCD   0 9 9 0 7 0 0 0 1 2 3 4", "so_dinh_danh", "099070001234"),
    ("DON", "Giấy tờ tùy thân: CCCD 099 070 001 234", "so_dinh_danh", "099070001234"),
    ("DON", "Mã định danh công dân: 099070001234", "so_dinh_danh", "099070001234"),
    ("DON", "MSĐDCN: 099.070.001.234", "so_dinh_danh", "099070001234"),
    ("DON", "ID No. 099070001234", "so_dinh_danh", "099070001234"),
    ("DON", "Số thẻ: 099070001234, do Cục CS cấp", "so_dinh_danh", "099070001234"),
    ("DON", "CMND số: 099 123 456 cấp ngày 01/02/2010", "so_cmnd", "099123456"),
    ("DON", "Giấy chứng minh: 099123456", "so_cmnd", "099123456"),
    ("DON", "Số CMT: 099123456", "so_cmnd", "099123456"),
    ("DON", "CMTND số 099123456", "so_cmnd", "099123456"),
    ("DON", "Chứng minh thư nhân dân số: 099123456", "so_cmnd", "099123456"),
    ("DON", "Giấy CM số 099123456", "so_cmnd", "099123456"),
    ("GIAY_CHUNG_NHAN_KET_HON", "Số CCCD: 099070001234   Số CCCD: 099180001234", "so_dinh_danh", "099180001234"),
    ("DON", "SĐT: 0912.345.678", "dien_thoai", "0912345678"),
    ("DON", "Điện thoại: 0912 345 678", "dien_thoai", "0912345678"),
    ("DON", "ĐTDĐ 0912345678", "dien_thoai", "0912345678"),
    ("DON", "Số điện thoại (nếu có)\n0912345678", "dien_thoai", "0912345678"),
    ("DON", "Liên hệ: 0912345678 (Zalo)", "dien_thoai", "0912345678"),
    ("DON", "Địa chỉ: ấp Tân Lợi; máy 0912345678", "dien_thoai", "0912345678"),
    ("DON", "Phone: 0912-345-678", "dien_thoai", "0912345678"),
    ("TO_KHAI_LPTB", "MST: 0312345678", "ma_so_thue", "0312345678"),
    ("GIAY_DE_NGHI", "Mã số thuế (nếu có)   8012345678", "ma_so_thue", "8012345678"),
    ("GIAY_DE_NGHI", "MSDN/MST: 0312345678-001", "ma_so_thue", "0312345678001"),
]

NOBODY = [
    ("GIAY_TIEP_NHAN_HEN_TRA", "NGƯỜI NỘP   CÁN BỘ TIẾP NHẬN", "ho_ten"),
    ("GIAY_TIEP_NHAN_HEN_TRA", "Người tiếp nhận: Lê Bá Kiên", "ho_ten"),
    ("DON_DE_NGHI_CPXD", "Chủ trì thiết kế: Lê Bá Kiên", "ho_ten"),
    ("DON", "Số giấy tờ tùy thân/mã số doanh nghiệp: 099070001234", "ma_so_thue"),
    ("DON", "Họ và tên cha: Lê Bá Kiên", "ho_ten"),
    ("DON", "Đường phố: Nguyễn Văn Cừ", "ho_ten"),
    ("DON", "Mã số thuế: 0312345678", "dien_thoai"),
    ("DON", "Tên đường: Trần Hưng Đạo", "ho_ten"),
    ("DON", "CCCD số 099070001234", "dien_thoai"),
]


def values(kind: str, text: str, name: str) -> list[str]:
    """Return the values of one name on a page with other sentences around the rows."""
    page = reading(f"{AROUND}\n{text}\n{AROUND}")
    return [field.value for field in extract([page], kind, RULES) if field.name == name]


@pytest.mark.parametrize(("kind", "text", "name", "value"), WAYS)
def test_each_way_is_known(kind: str, text: str, name: str, value: str) -> None:
    """The value is found, and where one person is meant it comes first."""
    found = values(kind, text, name)
    assert value in found
    assert found[0] == value or name not in {"ho_ten", "ho_ten_2"}


@pytest.mark.parametrize(("kind", "text", "name"), NOBODY)
def test_what_only_looks_alike_is_left(kind: str, text: str, name: str) -> None:
    """Clerks, designers, relatives, streets and codes are not the person of the paper."""
    assert values(kind, text, name) == []


@pytest.mark.parametrize(
    ("normaliser", "raw", "value"),
    [
        ("citizen", "Hộ ông (bà): Lê Bá Kiên", "Lê Bá Kiên"),
        ("citizen", "CÁN BỘ TIẾP NHẬN", None),
        ("citizen", "Kho Bạc Nhà Nước", None),
        ("called", "cụ bà Bùi Thị Hoa mất", "Bùi Thị Hoa"),
        ("called", "Bá Kiên Cường", None),
    ],
)
def test_names_that_must_be_names(normaliser: str, raw: str, value: str | None) -> None:
    """Where little else says so a name begins with a family, or stands behind "ông" or "bà"."""
    normal = normalise(normaliser, raw)
    assert (normal.value if normal else None) == value


def test_three_people_in_columns_each_go_to_their_side() -> None:
    """Two givers in columns of their own, and the numbers of all three."""
    text = (
        "Bên tặng cho (A)   Bên tặng cho (A)   Bên nhận tặng cho (B)\n"
        "Họ tên   Lê Bá Kiên   Bùi Thị Hoa   Lê Bá Toàn\n"
        "Số định danh   099050001234   099150001234   099080001234"
    )
    assert values("HOP_DONG_TANG_CHO", text, "ben_a") == ["Lê Bá Kiên", "Bùi Thị Hoa"]
    assert values("HOP_DONG_TANG_CHO", text, "ben_b") == ["Lê Bá Toàn"]
    assert len(values("HOP_DONG_TANG_CHO", text, "so_dinh_danh")) == 3
